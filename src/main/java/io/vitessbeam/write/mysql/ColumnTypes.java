package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import java.util.stream.Collectors;

/** Columns of tables that we create, as CREATE TABLE and ALTER TABLE want them. */
final class ColumnTypes {

  /** What a VARCHAR or VARBINARY may have in bytes, were it alone in its row. */
  static final int MOST_BYTES = 65_535;

  private static final String TEXT = " CHARACTER SET utf8mb4";

  /** Labels that differ in case or accents only are different. */
  private static final String EXACT = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

  private ColumnTypes() {}

  /** {@code `a` VARCHAR(20) CHARACTER SET utf8mb4 NOT NULL}. */
  static String definition(Column column) {
    return LoadNames.quoted(column.name())
        + " "
        + of(column.type())
        + (column.nullable() ? " NULL" : " NOT NULL");
  }

  /**
   * The type of a column. Texts are stored as utf8mb4, whatever the source's character set: those
   * whose lengths are bytes get the next larger type, as they may need up to three times as many.
   */
  static String of(ColumnType type) {
    String unsigned = type.unsigned() ? " UNSIGNED" : "";
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, FLOAT, DOUBLE -> type.base() + unsigned;
      case DECIMAL -> "DECIMAL(" + type.length() + ", " + type.scale() + ")" + unsigned;
      case BIT -> "BIT(" + Math.max(type.length(), 1) + ")";
      case DATE, YEAR, JSON, GEOMETRY -> type.base().name();
      case DATETIME, TIMESTAMP, TIME -> type.base() + "(" + type.scale() + ")";
      case CHAR -> "CHAR(" + type.length() + ")" + TEXT;
      case VARCHAR -> varchar(type.length());
      case TINYTEXT -> "TEXT" + TEXT;
      case TEXT -> "MEDIUMTEXT" + TEXT;
      case MEDIUMTEXT, LONGTEXT -> "LONGTEXT" + TEXT;
      case BINARY -> "BINARY(" + type.length() + ")";
      case VARBINARY ->
          type.length() > MOST_BYTES / 2 ? "MEDIUMBLOB" : "VARBINARY(" + type.length() + ")";
      case TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB -> type.base().name();
      case ENUM, SET -> labelled(type);
      // Four bytes an element.
      case VECTOR -> "VECTOR(" + type.length() / 4 + ")";
    };
  }

  /** MySQL prints a question mark for what it can't print of a label, so the label isn't known. */
  private static String labelled(ColumnType type) {
    if (type.labels().stream().anyMatch(label -> label.contains("?"))) {
      // A label has 255 characters at most; a SET has all of its labels at most.
      long length = type.labels().stream().mapToInt(label -> label.length() + 1).sum();
      return varchar(type.base() == MysqlType.SET ? Math.max(255, length) : 255);
    }
    return type.base()
        + type.labels().stream().map(SqlText::literal).collect(Collectors.joining(", ", "(", ")"))
        + EXACT;
  }

  private static String varchar(long length) {
    // Half of what a row may have in bytes leaves room for other columns.
    return length * 4 <= MOST_BYTES / 2
        ? "VARCHAR(" + length + ")" + TEXT
        : (length * 4 <= MOST_BYTES ? "TEXT" : "MEDIUMTEXT") + TEXT;
  }
}
