package io.vitessbeam.schema.stream;

import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.SqlText;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The character sets of a VStream's fields, which name collations by their ids. Those are read once
 * from the server, as newer ones have more. Vitess sends no id for a collation that it doesn't know
 * (all of big5, gb18030, gbk and tis620, and some of others): the columns of such a table have to
 * be asked for.
 *
 * @param characterSets by id of the collation
 * @param tables by table and column, {@code binary} for a column without one
 */
public record Collations(
    Map<Integer, String> characterSets, Map<String, Map<String, String>> tables)
    implements Serializable {

  /** The collation of numbers, dates and bytes. */
  public static final int BINARY = 63;

  private static final String BINARY_NAME = "binary";

  private static final String QUERY =
      "SELECT ID, CHARACTER_SET_NAME FROM information_schema.COLLATIONS";

  public Collations {
    characterSets = Map.copyOf(characterSets);
    tables = Map.copyOf(tables);
  }

  public Collations(Map<Integer, String> characterSets) {
    this(characterSets, Map.of());
  }

  /** Reads them through a connection that is targeted at one shard. */
  public static Collations read(Connection connection) throws SQLException {
    Map<Integer, String> characterSets = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        characterSets.put(rows.getInt(1), rows.getString(2));
      }
    }
    return new Collations(characterSets);
  }

  /** These and the columns of a table, through a connection that is targeted at one shard. */
  public Collations withTable(Connection connection, String table) throws SQLException {
    Map<String, String> columns = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, COLUMN_NAME, CHARACTER_SET_NAME FROM"
                    + " information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME ="
                    + " "
                    + SqlText.literal(table))) {
      while (rows.next()) {
        if (rows.getString(1).equals(table)) {
          String name = rows.getString(3);
          columns.put(rows.getString(2), name == null ? BINARY_NAME : name);
        }
      }
    }
    Map<String, Map<String, String>> all = new HashMap<>(tables);
    all.put(table, Map.copyOf(columns));
    return new Collations(characterSets, all);
  }

  /** Whether the character set of a field can only be found by {@link #withTable}. */
  public static boolean isUntold(Query.Field field) {
    if (field.getCharset() != 0) {
      return false;
    }
    String type = field.getColumnType().toLowerCase(Locale.ROOT);
    return switch (field.getType()) {
      case CHAR, VARCHAR, TEXT, ENUM, SET -> true;
      // Text with a collation that compares bytes.
      case BINARY, VARBINARY, BLOB ->
          !type.startsWith("binary") && !type.startsWith("varbinary") && !type.endsWith("blob");
      default -> false;
    };
  }

  /**
   * The name of a field's character set, {@code binary} for one that has none.
   *
   * @throws DataException if the server had no such collation or column when it was asked
   */
  public String characterSet(Query.Field field) {
    if (isUntold(field)) {
      String name = tables.getOrDefault(field.getTable(), Map.of()).get(field.getName());
      if (name == null) {
        throw new DataException(
            "Vitess does not tell the character set of column "
                + field.getTable()
                + "."
                + field.getName()
                + "; exclude the column");
      }
      return name;
    }
    return field.getCharset() == 0 ? BINARY_NAME : characterSet(field.getCharset());
  }

  /**
   * The name of a collation's character set.
   *
   * @throws DataException if the server had no such collation when they were read
   */
  public String characterSet(int collation) {
    if (collation == BINARY) {
      return BINARY_NAME;
    }
    String name = characterSets.get(collation);
    if (name == null) {
      throw new DataException("The server did not list the collation " + collation);
    }
    return name;
  }
}
