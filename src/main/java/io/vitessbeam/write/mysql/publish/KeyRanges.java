package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.TableInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Cuts a table into ranges of its key that hold so many rows each. The bounds between them are kept
 * in a table whose columns are of the same types: so keys are compared with keys, exactly as the
 * table's index orders them, and never with literals.
 *
 * @param table the table that is cut; has an index that begins with the key in its order
 * @param bounds the table of bounds, the n-th of which ends the range n - 1
 */
record KeyRanges(String table, String bounds, List<String> key) {

  KeyRanges {
    key = List.copyOf(key);
  }

  void create(MysqlSession session, TableInfo cut) throws SQLException {
    Map<String, String> definitions = new HashMap<>();
    cut.columns().forEach(column -> definitions.put(column.name(), column.definition()));
    List<String> parts = new ArrayList<>();
    parts.add(LoadNames.quoted(LoadNames.CHUNK) + " BIGINT NOT NULL PRIMARY KEY");
    for (String column : key) {
      parts.add(LoadNames.quoted(column) + " " + definitions.get(column) + " NOT NULL");
    }
    session.update(
        "CREATE TABLE IF NOT EXISTS %s (%s)"
            .formatted(LoadNames.quoted(bounds), String.join(", ", parts)));
  }

  /**
   * Finds where a range ends.
   *
   * @param piece how much it has, unless it is the last one
   * @param condition on rows {@code s}, beginning with AND; empty to count all
   * @return false if it is the last one
   */
  boolean cut(MysqlSession session, long chunk, Piece piece, String condition) throws SQLException {
    if (exists(session, chunk + 1)) {
      return true;
    }
    String names = key.stream().map(LoadNames::quoted).collect(Collectors.joining(", "));
    String columns =
        key.stream().map(name -> "s." + LoadNames.quoted(name)).collect(Collectors.joining(", "));
    String bytes = LoadNames.quoted(LoadNames.BYTES);
    String number = LoadNames.quoted(LoadNames.CHUNK);
    // Of no more rows than may be in it, or all that are left would be sorted each time.
    String most =
        "SELECT %s, %s AS %s FROM %s WHERE TRUE%s ORDER BY %s LIMIT %d"
            .formatted(
                columns,
                piece.sized() ? "s." + bytes : "0",
                bytes,
                rows("s", chunk, true),
                condition,
                columns,
                piece.rows());
    String counted =
        "SELECT %s, ROW_NUMBER() OVER (ORDER BY %s) AS %s, SUM(%s) OVER (ORDER BY %s ROWS UNBOUNDED PRECEDING) AS %s FROM (%s) l"
            .formatted(names, names, number, bytes, names, bytes, most);
    return session.update(
            "INSERT INTO %s SELECT %d, %s FROM (%s) r WHERE %s = %d OR %s >= %d ORDER BY %s LIMIT 1"
                .formatted(
                    LoadNames.quoted(bounds),
                    chunk + 1,
                    names,
                    counted,
                    number,
                    piece.rows(),
                    bytes,
                    piece.bytes(),
                    number))
        > 0;
  }

  /**
   * How much goes into a range: so many rows, or bytes if those are sooner reached.
   *
   * @param sized whether rows have a column with their size
   */
  record Piece(int rows, long bytes, boolean sized) {}

  boolean exists(MysqlSession session, long chunk) throws SQLException {
    return session.number(
            "SELECT COUNT(*) FROM %s WHERE %s = %d"
                .formatted(LoadNames.quoted(bounds), LoadNames.quoted(LoadNames.CHUNK), chunk))
        > 0;
  }

  /** The rows of a range, as what stands after FROM, UPDATE or JOIN. */
  String rows(String alias, long chunk, boolean last) {
    return rows(table, alias, chunk, last);
  }

  /** The rows of a range of any table that has the key. */
  String rows(String of, String alias, long chunk, boolean last) {
    StringBuilder from = new StringBuilder();
    List<String> conditions = new ArrayList<>();
    if (chunk > 0) {
      from.append(LoadNames.quoted(bounds)).append(" lo STRAIGHT_JOIN ");
      conditions.add("lo." + LoadNames.quoted(LoadNames.CHUNK) + " = " + chunk);
      conditions.add(compare(alias, ">", "lo", ">", key));
    }
    if (!last) {
      from.append(LoadNames.quoted(bounds)).append(" hi STRAIGHT_JOIN ");
      conditions.add("hi." + LoadNames.quoted(LoadNames.CHUNK) + " = " + (chunk + 1));
      conditions.add(compare(alias, "<", "hi", "<=", key));
    }
    from.append(LoadNames.quoted(of)).append(' ').append(alias);
    if (!conditions.isEmpty()) {
      from.append(" ON ").append(String.join(" AND ", conditions));
    }
    return from.toString();
  }

  /** Compares keys as a whole, in the form of which MySQL makes a range of an index. */
  private static String compare(
      String left, String operator, String right, String lastOperator, List<String> columns) {
    String first = LoadNames.quoted(columns.get(0));
    String one = left + "." + first + " ";
    String other = " " + right + "." + first;
    return columns.size() == 1
        ? one + lastOperator + other
        : "(%s OR (%s AND %s))"
            .formatted(
                one + operator + other,
                one + "=" + other,
                compare(left, operator, right, lastOperator, columns.subList(1, columns.size())));
  }
}
