package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.staging.RangeLoad;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.load.Run;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Loads one table. */
final class DuckDbLoader extends DuckDbLoad<Integer, DuckDbStagingArea> implements Loader {

  private final LoadId<DuckDbUri> id;
  private TableSchema schema;
  private long plan;
  private int ranges;

  DuckDbLoader(LoadId<DuckDbUri> id, DuckDbLoads loads) {
    super(id, loads);
    this.id = id;
  }

  @Override
  DuckDbStagingArea openArea(DuckDbFile file) {
    return new DuckDbStagingArea(file, id);
  }

  @Override
  String name() {
    return id.table().toString();
  }

  @Override
  public Optional<StagedRange> stage(Block block) {
    Origin origin = block.origin();
    try {
      OptionalLong rows = add(block);
      loads().buffered().enforce();
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      committed(origin.range(), rows.getAsLong());
      return Optional.of(new StagedRange(origin.range(), origin.ranges(), rows.getAsLong()));
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }

  private OptionalLong add(Block block) {
    RangeLoad range;
    synchronized (this) {
      open(block);
      int index = block.origin().range();
      OptionalLong rows = committed(index);
      if (rows.isPresent()) {
        return rows;
      }
      range =
          range(
              index,
              () ->
                  new RangeLoad(
                      "range " + index + " of " + schema.qualifiedName(),
                      area().file(),
                      area().tables().range(index, schema),
                      loads().buffered()));
    }
    return range.add(block);
  }

  private void open(Block block) {
    boolean begins = !isOpen();
    DuckDbStagingArea area = area();
    if (begins) {
      schema = block.schema();
      plan = block.origin().plan();
      ranges = block.origin().ranges();
      found(area.prepare(schema, plan, ranges));
    }
    if (plan != block.origin().plan()
        || ranges != block.origin().ranges()
        || !schema.equals(block.schema())) {
      throw new DataException(
          "The blocks of "
              + schema.qualifiedName()
              + " don't agree on its columns or its key ranges: it changed while it was read, or"
              + " the runner planned the read anew; run again");
    }
  }

  @Override
  public LoadSpec spec() {
    return id.spec();
  }

  @Override
  public void release() {
    loads().release(this);
  }

  @Override
  public synchronized LoadedTable publish(Run run, List<StagedRange> receipts) {
    try {
      Receipts read = Receipts.of(id.table(), receipts);
      DuckDbStagingArea area = area();
      failIfIncomplete();
      long rows = new DuckDbPublication(area, id.in(run), read).publish();
      end();
      return new LoadedTable(id.table().toString(), rows, read.ranges());
    } catch (RuntimeException e) {
      abortAfter(e);
      throw e;
    }
  }
}
