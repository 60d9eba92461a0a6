package io.vitessbeam.write.duckdb.file;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import java.sql.SQLException;

/** Explains what DuckDB throws, which has no error codes: the texts are those of DuckDB 1.5. */
public final class DuckDbFailures {

  private DuckDbFailures() {}

  /** For a failure to open a file. */
  static VitessBeamException opening(String path, SQLException e) {
    String message = message(e);
    if (message.contains("Could not set lock")) {
      // Whoever reads the file while changes are applied to it will be done with it.
      return new TransientException(
          described(path, "is open in another process; close it there and run again", e), e);
    }
    if (message.contains("different configuration")) {
      return configuration(
          path, "is open in this JVM with other settings; close that connection first", e);
    }
    if (message.contains("No such file or directory")) {
      return configuration(path, "can't be created: its directory doesn't exist", e);
    }
    if (message.contains("Is a directory")) {
      return configuration(path, "is a directory, not a file", e);
    }
    if (message.contains("not a valid DuckDB database file")) {
      return configuration(path, "exists, but is not a DuckDB database", e);
    }
    if (message.contains("Permission denied") || message.contains("Read-only file system")) {
      return configuration(path, "can't be opened for writing", e);
    }
    ConfigurationException known = spaceOrMemory(path, message, e);
    return known != null ? known : configuration(path, "can't be opened", e);
  }

  /**
   * For a failure of a statement.
   *
   * @param doing what was being done to which table
   */
  public static VitessBeamException during(String doing, String path, SQLException e) {
    String message = message(e);
    ConfigurationException known = spaceOrMemory(path, message, e);
    if (known != null) {
      return known;
    }
    if (message.startsWith("IO Error") || message.startsWith("Catalog Error")) {
      return new ConfigurationException(doing + " in " + path + " failed: " + message, e);
    }
    return new DataException(doing + " in " + path + " failed: " + message, e);
  }

  public static boolean isDuplicateKey(SQLException e) {
    return message(e).startsWith("Constraint Error: Duplicate key");
  }

  private static ConfigurationException spaceOrMemory(String path, String message, SQLException e) {
    if (message.contains("No space left") || message.contains("Disk quota exceeded")) {
      return configuration(path, "can't grow: its disk is full", e);
    }
    if (message.contains("Out of Memory Error") || message.contains("failed to pin block")) {
      return configuration(path, "needs more memory for its widest rows than there is", e);
    }
    return null;
  }

  private static ConfigurationException configuration(String path, String what, SQLException e) {
    return new ConfigurationException(described(path, what, e), e);
  }

  private static String described(String path, String what, SQLException e) {
    return "The DuckDB file " + path + " " + what + " (" + message(e) + ")";
  }

  private static String message(SQLException e) {
    return String.valueOf(e.getMessage());
  }
}
