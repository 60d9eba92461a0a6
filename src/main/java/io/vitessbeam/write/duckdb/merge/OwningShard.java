package io.vitessbeam.write.duckdb.merge;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which shard wrote a row last: a temporary table from the begin of the payloads that a table holds
 * to indexes of shards, -1 for one that is no more. The shard stands at the begin of the payload,
 * before the GTID set, so there are few different ones, however many positions there are.
 */
final class OwningShard {

  private static final String WRITERS = "temp.main.\"_vitessbeam_writers\"";

  private static final int UNKNOWN = -1;

  private final List<String> shards;
  private final int length;

  /**
   * @param shards by index
   */
  OwningShard(String keyspace, List<String> shards) {
    this.shards = List.copyOf(shards);
    int longest = shards.stream().mapToInt(shard -> bytes(shard)).max().orElse(0);
    // Two tags with lengths of up to 3 bytes around a keyspace and a shard with theirs.
    int header = 4 + 2 + bytes(keyspace) + 2 + longest;
    this.length = (header + 2) / 3 * 4;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Looks through tables. */
  void find(Connection connection, String... tables) throws SQLException {
    List<String> values = new ArrayList<>();
    String payloads =
        Stream.of(tables)
            .map(table -> "SELECT " + payload("t") + " FROM " + table + " t")
            .collect(Collectors.joining(" UNION ALL ", "SELECT DISTINCT * FROM (", ")"));
    for (List<String> row : DuckDbSql.rows(connection, payloads)) {
      if (row.get(0) != null) {
        values.add("(" + DuckDbSql.literal(row.get(0)) + ", " + indexOf(row.get(0)) + ")");
      }
    }
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE \"_vitessbeam_writers\" (payload VARCHAR, shard"
                + " SMALLINT)"));
    if (!values.isEmpty()) {
      DuckDbSql.update(
          connection, "INSERT INTO " + WRITERS + " VALUES " + String.join(", ", values));
    }
  }

  private String payload(String alias) {
    return "substr(" + alias + "." + CdcColumns.LSN + ", 40, " + length + ")";
  }

  /** Adds their writers {@code w} to the rows of a table. */
  String join(String alias) {
    return join(alias, "w");
  }

  String join(String alias, String writers) {
    return "LEFT JOIN %s %s ON %s.payload = %s"
        .formatted(WRITERS, writers, writers, payload(alias));
  }

  /** The index of the shard that wrote a row of a joined table. */
  static String writer() {
    return writer("w");
  }

  static String writer(String writers) {
    return "coalesce(" + writers + ".shard, " + UNKNOWN + ")";
  }

  private int indexOf(String payload) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(payload);
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.readTag();
      in.readRawVarint32();
      in.readTag();
      in.skipRawBytes(in.readRawVarint32());
      in.readTag();
      ByteString name = ByteString.copyFrom(in.readRawBytes(in.readRawVarint32()));
      return shards.indexOf(name.toStringUtf8());
    } catch (IOException | IllegalArgumentException e) {
      // Longer than any of today's shards, or written by hand.
      return UNKNOWN;
    }
  }
}
