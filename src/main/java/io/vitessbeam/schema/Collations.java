package io.vitessbeam.schema;

import io.vitessbeam.DataException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * The character sets of a server's collations, by the ids that a VStream's fields carry. Read once
 * from the server, as newer ones have more.
 */
public record Collations(Map<Integer, String> characterSets) implements Serializable {

  /** The collation of numbers, dates and bytes. */
  public static final int BINARY = 63;

  public static final String QUERY =
      "SELECT ID, CHARACTER_SET_NAME FROM information_schema.COLLATIONS";

  public Collations {
    characterSets = Map.copyOf(characterSets);
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

  /**
   * The name of a collation's character set.
   *
   * @throws DataException if the server had no such collation when they were read
   */
  public String characterSet(int collation) {
    String name = characterSets.get(collation);
    if (name == null) {
      throw new DataException("The server did not list the collation " + collation);
    }
    return name;
  }
}
