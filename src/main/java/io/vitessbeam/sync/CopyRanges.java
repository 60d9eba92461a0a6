package io.vitessbeam.sync;

import io.vitessbeam.DataException;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.ranges.KeyColumn;
import io.vitessbeam.read.ranges.RangePlanner;
import io.vitessbeam.read.resolve.ReadRequest;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.position.ExecutedGtids;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The key ranges in which the tables of a round are copied by OLAP reads: from the primaries, as
 * replicas may be behind the position from which the tables are followed afterwards.
 */
final class CopyRanges {

  private final SyncOptions options;

  CopyRanges(SyncOptions options) {
    this.options = options;
  }

  /** Gives the ranges of all tables that are copied, table by table, without an address. */
  void plan(SyncPlan plan, Consumer<ReadRange> output) {
    List<ReadRequest> requests = new ArrayList<>();
    if (plan.tables().stream().anyMatch(TablePlan::copies)) {
      try (SourceTables source = new SourceTables(options.uri().vitess(), plan.shards())) {
        for (TablePlan table : plan.tables()) {
          if (table.copies()) {
            requests.add(request(plan, table, source));
          }
        }
      }
    }
    VitessUri nowhere = source().withoutAddress();
    for (ReadRequest request : requests) {
      new RangePlanner(request).plan().forEach(range -> output.accept(range.in(nowhere)));
    }
  }

  private VitessUri source() {
    return ExecutedGtids.primary(options.uri().vitess());
  }

  private ReadRequest request(SyncPlan plan, TablePlan table, SourceTables source) {
    // The plan's schema is what is carried over; ranges are cut by the types that columns have.
    TableSchema whole =
        source
            .find(table.table())
            .orElseThrow(
                () ->
                    new DataException(
                        table.schema().qualifiedName()
                            + " was dropped or renamed during the run: run again"))
            .schema();
    return new ReadRequest(
        source(),
        table.schema(),
        new ReadRequest.Source.Table(table.table()),
        "",
        -1,
        plan.shards(),
        KeyColumn.ofPrimaryKey(whole),
        options.parallelism());
  }
}
