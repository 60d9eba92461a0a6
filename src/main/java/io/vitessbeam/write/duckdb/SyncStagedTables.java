package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The staging tables of a round, found by their names. */
final class SyncStagedTables {

  /** After the prefix: copied rows of a table; or changes of a shard, by copy or stream. */
  private static final Pattern NAME = Pattern.compile("(?:r|([cs])(\\d+)t)(\\d+)_.*");

  private record Staged(String part, int shard, int table, String name, long rows) {}

  private final List<Staged> staged = new ArrayList<>();

  static SyncStagedTables find(Connection connection, Map<String, String> names, int round)
      throws SQLException {
    SyncStagedTables tables = new SyncStagedTables();
    String prefix = SyncTableNames.stagingPrefix(round);
    for (Map.Entry<String, String> entry : names.entrySet()) {
      Matcher name = NAME.matcher(entry.getKey().substring(prefix.length()));
      if (entry.getKey().startsWith(prefix) && name.matches()) {
        tables.staged.add(
            new Staged(
                name.group(1) == null ? "r" : name.group(1),
                name.group(2) == null ? -1 : Integer.parseInt(name.group(2)),
                Integer.parseInt(name.group(3)),
                entry.getValue(),
                DuckDbSql.number(connection, "SELECT count(*) FROM " + entry.getValue())));
      }
    }
    return tables;
  }

  /** Rows that copies of a table gave, as rows or as a stream. */
  long copied(int table) {
    return staged.stream()
        .filter(each -> each.table() == table && !each.part().equals("s"))
        .mapToLong(Staged::rows)
        .sum();
  }

  /** Rows that a shard's stream gave, of all tables. */
  long streamed(int shard) {
    return staged.stream()
        .filter(each -> each.shard() == shard && each.part().equals("s"))
        .mapToLong(Staged::rows)
        .sum();
  }

  /** Rows of the table of copied rows. */
  long copiedRows(int table) {
    return staged.stream()
        .filter(each -> each.table() == table && each.part().equals("r"))
        .mapToLong(Staged::rows)
        .sum();
  }

  /** The table of the changes that came between the rows of a copy; empty if there is none. */
  String changesAmongCopy(int shard, int table) {
    return changes("c", shard, table);
  }

  /** The table of the changes that a shard's stream gave of a table; empty if there is none. */
  String stream(int shard, int table) {
    return changes("s", shard, table);
  }

  private String changes(String part, int shard, int table) {
    return staged.stream()
        .filter(each -> each.shard() == shard && each.table() == table && each.part().equals(part))
        .map(Staged::name)
        .findFirst()
        .orElse("");
  }
}
