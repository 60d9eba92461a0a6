package io.vitessbeam.write.mysql;

import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.List;

/**
 * Collations of keys. Only two hold apart whatever differs in a byte; {@code utf8mb4_bin} does too,
 * but for blanks at the end, which it ignores as every collation of old servers does.
 */
record KeyCollation(String name) {

  /** Since MySQL 8.0.17. */
  private static final String EXACT = "utf8mb4_0900_bin";

  /** Since MySQL 8.0.1; takes the same letter in another normal form of Unicode for the same. */
  private static final String NEARLY_EXACT = "utf8mb4_0900_as_cs";

  private static final String PADDING = "utf8mb4_bin";

  /** The one for new columns: the first of these that the server has. */
  static KeyCollation ofNewColumns(Session session) throws SQLException {
    List<String> wanted = List.of(EXACT, NEARLY_EXACT, PADDING);
    List<List<String>> there =
        Sql.rows(
            session.connection(),
            "SELECT COLLATION_NAME FROM information_schema.COLLATIONS WHERE COLLATION_NAME IN ('"
                + String.join("', '", wanted)
                + "')");
    return new KeyCollation(
        wanted.stream()
            .filter(name -> there.stream().anyMatch(row -> row.get(0).equals(name)))
            .findFirst()
            .orElse(PADDING));
  }

  /** As it stands in a column's definition. */
  String definition() {
    return " CHARACTER SET utf8mb4 COLLATE " + name;
  }

  /** One of this server that tells two texts apart; itself, if there may be none. */
  KeyCollation forKeys(String first, String second) {
    boolean blanks = blanksRemoved(first).equals(blanksRemoved(second));
    return name.equals(NEARLY_EXACT) && !blanks ? new KeyCollation(PADDING) : this;
  }

  private static String blanksRemoved(String keys) {
    return keys.replaceAll(" +'", "'");
  }

  /** Whether a column tells apart whatever differs. */
  static boolean isExact(ColumnInfo column) {
    return column.collation().isEmpty()
        || column.collation().equals(EXACT)
        || column.collation().equals("binary");
  }
}
