package io.vitessbeam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.net.URLDecoder;
import java.net.URLEncoder;
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

  /** The Beam metric, a set of texts, that has an {@link #encode} of each table of a run. */
  public static final String METRIC = "tables_synced";

  private static final int PARTS = 8;

  public SyncedTable {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(reason, "reason");
  }

  /** All of it in one line. */
  public String encode() {
    return String.join(
        " ",
        URLEncoder.encode(source, UTF_8),
        URLEncoder.encode(table, UTF_8),
        "" + copied,
        URLEncoder.encode(reason, UTF_8),
        "" + rowsCopied,
        "" + inserted,
        "" + updated,
        "" + deleted);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is nothing of that kind
   */
  public static SyncedTable decode(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("tells nothing of a table: " + text);
    }
    return new SyncedTable(
        URLDecoder.decode(parts[0], UTF_8),
        URLDecoder.decode(parts[1], UTF_8),
        Boolean.parseBoolean(parts[2]),
        URLDecoder.decode(parts[3], UTF_8),
        Long.parseLong(parts[4]),
        Long.parseLong(parts[5]),
        Long.parseLong(parts[6]),
        Long.parseLong(parts[7]));
  }
}
