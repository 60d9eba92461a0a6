package io.vitessbeam.write.mysql;

import io.vitessbeam.DataException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.SqlFailures;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what the failure of a statement of a load means. */
public final class MysqlFailures {

  static final int TABLE_EXISTS = 1050;
  static final int DUPLICATE_KEY = 1062;
  static final int NO_SUCH_TABLE = 1146;

  /** vttablet wraps MySQL's message, and adds the statement with the values of its rows. */
  private static final Pattern WRAPPED =
      Pattern.compile("(?:.*?desc = |.*?vttablet: )?(.*?) ?\\(errno \\d+\\).*", Pattern.DOTALL);

  private MysqlFailures() {}

  /**
   * The project's exception for a failure.
   *
   * @param doing what was being done to which table
   */
  public static VitessBeamException of(String doing, SQLException e) {
    VitessBeamException failure = SqlFailures.running(doing, e);
    // A message of MySQL's names the column, and nothing of the rest of the row.
    return failure instanceof DataException
        ? new DataException(doing + " failed: " + message(e), e)
        : failure;
  }

  /** MySQL's own message. */
  public static String message(SQLException e) {
    String message = String.valueOf(e.getMessage());
    Matcher matcher = WRAPPED.matcher(message);
    return matcher.matches() ? matcher.group(1) : message;
  }

  static boolean isTableExists(SQLException e) {
    return e.getErrorCode() == TABLE_EXISTS;
  }

  public static boolean isNoSuchTable(SQLException e) {
    return e.getErrorCode() == NO_SUCH_TABLE;
  }

  public static boolean isDuplicateKey(SQLException e) {
    return e.getErrorCode() == DUPLICATE_KEY;
  }
}
