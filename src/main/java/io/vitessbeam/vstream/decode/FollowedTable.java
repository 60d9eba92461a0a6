package io.vitessbeam.vstream.decode;

import binlogdata.Binlogdata.FieldEvent;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.wire.RowImages;

/** A table of a stream: how its rows are decoded, and those that were. For one thread. */
public final class FollowedTable {

  private static final int FIRST_BYTES = 4 << 10;

  private final TableSchema schema;
  private final ChangeBuilder rows;
  private RowDecoder decoder;

  /** Transactions whose changes are left out; null once all of them are past. */
  private GtidSet after;

  /** Whether the stream leaves it out, because nothing is wanted of it yet. */
  private boolean waiting;

  FollowedTable(ShardStream.Table table, CommitPoint from) {
    this.schema = table.schema();
    this.rows = new ChangeBuilder(schema, FIRST_BYTES);
    if (!table.after().isEmpty()) {
      GtidSet set = GtidSet.parse(table.after());
      this.after = from.set().contains(set) ? null : set;
      this.waiting = after != null && from.copied() && set.contains(from.set());
    }
  }

  public String name() {
    return schema.table();
  }

  public TableSchema schema() {
    return schema;
  }

  public ChangeBuilder rows() {
    return rows;
  }

  boolean isWaiting() {
    return waiting;
  }

  void endWaiting() {
    waiting = false;
  }

  public boolean hasAll(GtidSet set) {
    return after != null && after.contains(set);
  }

  /** Whether the rows of the transaction behind which the shard has the set are left out. */
  boolean leavesOut(GtidSet set) {
    if (!hasAll(set)) {
      after = null;
    }
    return after != null;
  }

  /**
   * Whether what was read of the schema has all of the change, which adds columns: rows of before
   * miss them, and NULL can be their value.
   */
  public boolean expects(DdlStatement statement) {
    return statement.effect() == DdlStatement.Effect.ADDS_COLUMNS
        && statement.addedColumns().stream()
            .mapToInt(schema::indexOf)
            .allMatch(index -> index >= 0 && schema.columns().get(index).nullable());
  }

  public void describe(FieldEvent event, boolean withBefore, RowDecoder.Conversions conversions)
      throws BrokenTableException {
    decoder = new RowDecoder(schema, event, rows, withBefore, conversions);
  }

  /** Another stream describes the table anew. */
  void forget() {
    decoder = null;
  }

  public boolean isDescribed() {
    return decoder != null;
  }

  void add(RowImages images, boolean copying) throws BrokenTableException {
    decoder.add(images, copying);
  }

  void truncate() {
    RowDecoder.addTruncation(schema.columns(), rows);
  }

  /** The committed rows; null if there are none. */
  Block takeCommitted(Origin origin) {
    return rows.buildCommitted(origin);
  }
}
