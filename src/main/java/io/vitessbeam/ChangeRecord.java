package io.vitessbeam;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.values.Row;

/**
 * One change of one row, which {@link VStreamRead} gives. A Beam schema is registered for it, so
 * that {@code Convert.toRows()} and other transforms over schemas work.
 *
 * <p>Rows have all columns that are read, all of them nullable. MySQL may be set to log only a part
 * of a row (binlog_row_image=NOBLOB): then {@code before} shows NULL for a column that wasn't
 * logged, and so does {@code after} for a column that the change left as it was, which {@code
 * unchanged} names.
 *
 * @param keyspace of the table
 * @param table its name alone
 * @param shard on which it happened; shards are not ordered among each other
 * @param operation what happened
 * @param before the row before an UPDATE or a DELETE, else null
 * @param after the row after a COPY, an INSERT or an UPDATE, else null
 * @param unchanged columns that {@code after} shows as NULL and that the change left as they were
 * @param order sorts the changes of a shard, as text, those of a later read behind those of earlier
 *     ones: a server that was restored, or another set of shards, may count anew. Two of the same
 *     order are the same change, unless both are copied rows. A read that goes on from a position
 *     gives changes that came before the second time with a greater order
 * @param commitTime when it was committed, in whole seconds; null for copied rows, of which it
 *     isn't known
 * @param gtid the shard's GTID set after its transaction, with its flavor, as in a {@link Vgtid}:
 *     what comes after the record on this shard is what can be read from there on. Of a copied row,
 *     that of the snapshot that it was read from
 */
public record ChangeRecord(
    String keyspace,
    String table,
    String shard,
    ChangeOperation operation,
    Row before,
    Row after,
    List<String> unchanged,
    String order,
    Instant commitTime,
    String gtid)
    implements Serializable {

  public ChangeRecord {
    Objects.requireNonNull(keyspace, "keyspace");
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(operation, "operation");
    unchanged = List.copyOf(unchanged);
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(gtid, "gtid");
  }
}
