package io.vitessbeam;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.resolve.ReadOptions;

/**
 * Reads a table, a view or a query of a Vitess keyspace: bounded, in the OLAP workload, whose
 * results have no row limit.
 *
 * <pre>{@code
 * PCollection<Row> orders =
 *     pipeline.apply(
 *         "Read orders",
 *         VitessRead.from("vitess://user:password@vtgate:3306/shop").withTable("orders"));
 * }</pre>
 *
 * <p><b>Parallelism.</b> Every shard is read by itself, and a shard with many rows in several
 * ranges of its primary key that hold about equally many rows, {@link #withParallelism} of them in
 * all. A table without a primary key (or with one that has no order by literals: FLOAT, DOUBLE,
 * BIT, ENUM, SET, TIME, YEAR, prefixes) is one range a shard; a view, a reference table, a query,
 * and a limited read of several shards are one range.
 *
 * <p><b>Guarantee.</b> Every row that is there from begin to end of the read comes exactly once. A
 * range whose connection breaks goes on behind its last row; one without a usable key fails the
 * pipeline instead. The ranges are not one snapshot: rows that change during the read may be seen
 * before or after the change, and a row whose primary key changes meanwhile, or that moves to
 * another shard, may come under both keys or under none.
 *
 * <p><b>Values</b> keep their exact meaning; see {@link io.vitessbeam.schema.MysqlType} for the
 * field types.
 *
 * <p>A table is {@code table} or {@code keyspace.table}; a name with a dot stands in backquotes. A
 * limit takes the first rows by primary key in an unsharded keyspace, any in a sharded one.
 */
public final class VitessRead extends KeyRangeRead<VitessRead> {

  private static final long serialVersionUID = 1L;

  private VitessRead(ReadOptions options, String runId) {
    super(options, runId);
  }

  /** Reads from the keyspace of a URI; {@link #withTable} or {@link #withQuery} has to follow. */
  public static VitessRead from(VitessUri uri) {
    return new VitessRead(ReadOptions.of(uri), UNNAMED);
  }

  /**
   * Reads from the keyspace of a URI.
   *
   * @throws ConfigurationException if the text is no {@code vitess://} URI
   */
  public static VitessRead from(String uri) {
    return from(VitessUri.parse(uri));
  }

  @Override
  VitessRead with(ReadOptions changed, String newRunId) {
    return new VitessRead(changed, newRunId);
  }
}
