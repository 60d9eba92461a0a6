package io.vitessbeam;

import java.io.Serializable;
import java.util.Objects;

/**
 * What a run of {@code VitessSync} did to one table.
 *
 * @param source {@code keyspace.table}
 * @param table the destination table
 * @param copied whether the whole table was copied
 * @param reason why it was copied again, for people; empty otherwise
 * @param rowsCopied rows of the copy, 0 without one
 * @param inserted live rows that changes added, or revived
 * @param updated live rows that changes changed
 * @param deleted live rows that changes deleted
 */
public record SyncedTable(
    String source,
    String table,
    boolean copied,
    String reason,
    long rowsCopied,
    long inserted,
    long updated,
    long deleted)
    implements Serializable {

  public SyncedTable {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(reason, "reason");
  }
}
