package io.vitessbeam.write.mysql;

import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Collations of keys. Only one of texts holds apart whatever differs in a byte; {@code utf8mb4_bin}
 * does too, but for blanks at the end.
 */
public record KeyCollation(String name) {

  /** Since MySQL 8.0.17. */
  private static final String EXACT = "utf8mb4_0900_bin";

  private static final String PADDING = "utf8mb4_bin";

  /**
   * Since MySQL 8.0.1; takes a letter and the same one in another normal form of Unicode for one.
   * Not for new columns: MySQL refuses to compare them with texts of most other collations.
   */
  private static final String NOT_PADDING = "utf8mb4_0900_as_cs";

  /** The one for new columns. */
  static KeyCollation ofNewColumns(MysqlSession session) throws SQLException {
    return new KeyCollation(isThere(session, EXACT) ? EXACT : PADDING);
  }

  /**
   * One that tells two keys apart, if the server has any.
   *
   * @param first a key, its texts between quotes
   */
  public static Optional<KeyCollation> thatTells(MysqlSession session, String first, String second)
      throws SQLException {
    boolean onlyBlanks = withoutBlanks(first).equals(withoutBlanks(second));
    for (String collation : List.of(EXACT, onlyBlanks ? NOT_PADDING : PADDING)) {
      if (isThere(session, collation)) {
        return Optional.of(new KeyCollation(collation));
      }
    }
    return Optional.empty();
  }

  private static boolean isThere(MysqlSession session, String collation) throws SQLException {
    return session.number(
            "SELECT COUNT(*) FROM information_schema.COLLATIONS WHERE COLLATION_NAME = '"
                + collation
                + "'")
        > 0;
  }

  private static String withoutBlanks(String key) {
    return key.replaceAll(" +'", "'");
  }

  /** As it stands in a column's definition. */
  public String definition() {
    return " CHARACTER SET utf8mb4 COLLATE " + name;
  }

  /** Whether a column tells apart whatever differs. */
  public static boolean isExact(ColumnInfo column) {
    return column.collation().isEmpty()
        || column.collation().equals(EXACT)
        || column.collation().equals("binary");
  }
}
