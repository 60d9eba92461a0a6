package io.vitessbeam.read.ranges;

import io.vitessbeam.read.resolve.ReadRequest;
import io.vitessbeam.schema.SqlText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Questions to one shard about the keys of a table; each is answered from the index in no time. */
final class KeyIndex {

  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  private final Connection connection;
  private final ReadRequest.Source.Table table;
  private final List<KeyColumn> key;

  KeyIndex(Connection connection, ReadRequest.Source.Table table, List<KeyColumn> key) {
    this.connection = connection;
    this.table = table;
    this.key = key;
  }

  /** A key that exists: the values of its columns. */
  record Key(List<byte[]> values) {

    KeyBound bound(List<KeyColumn> columns) {
      List<String> literals = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        byte[] value = values.get(i);
        literals.add(SqlText.keyLiteral(columns.get(i).type(), value, 0, value.length));
      }
      return new KeyBound(literals);
    }
  }

  /** The first key at or behind a lower and before an upper bound. */
  Optional<Key> first(KeyBound lower, KeyBound upper) throws SQLException {
    return edge(conditions(lower, upper), "");
  }

  Optional<Key> last(KeyBound lower, KeyBound upper) throws SQLException {
    return edge(conditions(lower, upper), " DESC");
  }

  /** The first key between two bounds that is at or behind a third one. */
  Optional<Key> firstBehind(KeyBound third, KeyBound lower, KeyBound upper) throws SQLException {
    List<String> conditions = conditions(lower, upper);
    conditions.add(third.condition(key, ">="));
    return edge(conditions, "");
  }

  private Optional<Key> edge(List<String> conditions, String direction) throws SQLException {
    String columns =
        key.stream().map(column -> SqlText.identifier(column.name())).collect(joined());
    String order =
        key.stream().map(column -> SqlText.identifier(column.name()) + direction).collect(joined());
    return ask(
        "SELECT " + columns + from(conditions) + " ORDER BY " + order + " LIMIT 1",
        rows -> {
          if (!rows.next()) {
            return Optional.empty();
          }
          List<byte[]> values = new ArrayList<>();
          for (int i = 1; i <= key.size(); i++) {
            values.add(rows.getBytes(i));
          }
          return Optional.of(new Key(values));
        });
  }

  /**
   * About how many rows are between two bounds, by the optimizer's dives into the index. InnoDB
   * gives no more than half of the table's rows for any part of it.
   */
  long estimate(KeyBound lower, KeyBound upper) throws SQLException {
    return ask(
        "EXPLAIN SELECT " + SqlText.identifier(key.get(0).name()) + from(conditions(lower, upper)),
        rows -> rows.next() ? rows.getLong("rows") : 0L);
  }

  /** The collation of a text column; empty for a table without rows. */
  String collation(KeyColumn column) throws SQLException {
    return ask(
        "SELECT COLLATION("
            + SqlText.identifier(column.name())
            + ") FROM "
            + table.sql()
            + " LIMIT 1",
        rows -> rows.next() ? rows.getString(1) : "");
  }

  private List<String> conditions(KeyBound lower, KeyBound upper) {
    List<String> conditions = new ArrayList<>();
    if (!lower.isNone()) {
      conditions.add(lower.condition(key, ">="));
    }
    if (!upper.isNone()) {
      conditions.add(upper.condition(key, "<"));
    }
    return conditions;
  }

  private String from(List<String> conditions) {
    return " FROM "
        + table.sql()
        + " FORCE INDEX (PRIMARY)"
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }

  private <T> T ask(String sql, Answer<T> answer) throws SQLException {
    SQL.debug("{}", sql);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return answer.from(rows);
    }
  }

  @FunctionalInterface
  private interface Answer<T> {
    T from(ResultSet rows) throws SQLException;
  }
}
