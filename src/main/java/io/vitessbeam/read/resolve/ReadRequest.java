package io.vitessbeam.read.resolve;

import io.vitessbeam.connect.MysqlSource;
import io.vitessbeam.read.PlannedRead;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.read.ranges.KeyColumn;
import io.vitessbeam.read.ranges.RangePlanner;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableSchema;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A read that has been checked against the server: what its statements are made of.
 *
 * @param schema the columns to read, in order, and the primary key of the table, of which columns
 *     may be excluded from reading
 * @param source the FROM clause, or the whole statement of a custom query
 * @param filter condition that rows must meet; empty for none
 * @param limit most rows to read, -1 for all
 * @param shards the shards to read one by one, of which a MySQL server is one without a name; empty
 *     to read through vtgate's planner
 * @param rangeKey key columns by which the read is split and resumed; empty if it can't be
 * @param ranges how many key ranges to aim at over all shards
 */
public record ReadRequest(
    MysqlSource uri,
    TableSchema schema,
    Source source,
    String filter,
    long limit,
    List<String> shards,
    List<KeyColumn> rangeKey,
    int ranges)
    implements PlannedRead {

  public ReadRequest {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(filter, "filter");
    shards = List.copyOf(shards);
    rangeKey = List.copyOf(rangeKey);
  }

  /** Where the rows come from. */
  public sealed interface Source extends Serializable {

    /** A table or view of the keyspace or database. */
    record Table(String name) implements Source {

      public String sql() {
        return SqlText.identifier(name);
      }
    }

    /** A statement that is sent as it is. */
    record Query(String sql) implements Source {}
  }

  /** The same request to another address. */
  public ReadRequest withUri(MysqlSource other) {
    return new ReadRequest(other, schema, source, filter, limit, shards, rangeKey, ranges);
  }

  @Override
  public List<ReadRange> plan() {
    return new RangePlanner(this).plan();
  }

  /** Whether a range can be read on from the key of the last row, after a break. */
  public boolean resumable() {
    return !rangeKey.isEmpty()
        && rangeKey.stream().allMatch(key -> schema.indexOf(key.name()) >= 0);
  }
}
