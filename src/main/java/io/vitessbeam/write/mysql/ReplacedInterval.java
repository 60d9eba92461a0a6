package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The interval of the incremental key that a load replaces: the given one, or what the staged rows
 * cover. Its ends are written down in a table before anything changes, since duplicates that are
 * deleted may have been the ends.
 */
final class ReplacedInterval {

  private final StagedLoad load;
  private final String column;
  private final KeyRanges covered;

  ReplacedInterval(StagedLoad load) {
    this.load = load;
    this.column = Names.quoted(load.id().spec().incrementalKey());
    this.covered =
        new KeyRanges(
            load.names().staging(),
            load.names().bounds(3),
            List.of(load.id().spec().incrementalKey()));
  }

  /**
   * Writes down what the staged rows cover, once.
   *
   * @throws DataException if a row is outside the given interval
   */
  void fix(Session session) throws SQLException {
    covered.create(session, load.staging());
    for (int end = 0; end < 2; end++) {
      String value = (end == 0 ? "MIN(" : "MAX(") + column + ")";
      session.update(
          "INSERT IGNORE INTO "
              + Names.quoted(covered.bounds())
              + " SELECT "
              + end
              + ", v FROM (SELECT "
              + value
              + " AS v FROM "
              + Names.quoted(load.names().staging())
              + ") m WHERE v IS NOT NULL");
    }
    requireWithin(session, low(), high());
  }

  /** The least value that is replaced, as SQL; empty if there is none. */
  String low() {
    return bound(interval().start(), 0);
  }

  /** The greatest value that is replaced, as SQL; empty if there is none. */
  String high() {
    return bound(interval().end(), 1);
  }

  private Interval interval() {
    return load.id().spec().interval();
  }

  /** Whether an interval is known: given, if only by one end, or covered by what is staged. */
  boolean isBounded() {
    return !interval().equals(Interval.EVERYTHING)
        || load.sessions().call(load.doing(), session -> covered.exists(session, 0));
  }

  /**
   * Whether a row with some value of the incremental key is replaced, as SQL that is never NULL.
   *
   * @param nulls whether rows without a value are
   */
  String replaces(String value, boolean nulls) {
    List<String> within = new ArrayList<>();
    if (isBounded()) {
      within.add(value + " IS NOT NULL");
      if (!low().isEmpty()) {
        within.add(value + " >= " + low());
      }
      if (!high().isEmpty()) {
        within.add(value + " <= " + high());
      }
    } else {
      within.add("FALSE");
    }
    String without = nulls ? " OR " + value + " IS NULL" : "";
    return "(" + String.join(" AND ", within) + without + ")";
  }

  private String bound(String given, int end) {
    if (given.isEmpty()) {
      if (!interval().equals(Interval.EVERYTHING)) {
        return "";
      }
      return "(SELECT "
          + column
          + " FROM "
          + Names.quoted(covered.bounds())
          + " WHERE "
          + Names.quoted(Names.CHUNK)
          + " = "
          + end
          + ")";
    }
    ColumnInfo key = load.staging().column(load.id().spec().incrementalKey()).orElseThrow();
    return literal(given, key.type());
  }

  /** A value with all its digits, whatever the column rounds to. */
  private String literal(String given, ColumnType type) {
    String text = SqlText.literal(given);
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, DECIMAL, YEAR -> {
        if (!given.matches("[+-]?\\d+(\\.\\d+)?")) {
          throw unfit(given, type);
        }
        yield given;
      }
      case DATE, DATETIME, TIMESTAMP -> {
        if (!given.matches("\\d{4}-\\d\\d-\\d\\d([ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6})?)?)?")) {
          throw unfit(given, type);
        }
        yield "CAST(" + text.replace('T', ' ') + " AS DATETIME(6))";
      }
      default -> text;
    };
  }

  private ConfigurationException unfit(String given, ColumnType type) {
    return new ConfigurationException(
        "The interval's end '"
            + given
            + "' is no value of the incremental key "
            + load.id().spec().incrementalKey()
            + ", which is of type "
            + type.base());
  }

  private void requireWithin(Session session, String low, String high) throws SQLException {
    Interval interval = interval();
    List<String> outside = new ArrayList<>();
    if (!interval.start().isEmpty()) {
      outside.add(column + " < " + low);
    }
    if (!interval.end().isEmpty()) {
      outside.add(column + " > " + high);
    }
    for (String condition : outside) {
      String value =
          Sql.text(
              session.connection(),
              "SELECT "
                  + column
                  + " FROM "
                  + Names.quoted(load.names().staging())
                  + " WHERE "
                  + condition
                  + " LIMIT 1");
      if (value != null) {
        throw new DataException(
            load.id().table()
                + " is not published: a row has "
                + load.id().spec().incrementalKey()
                + " = "
                + value
                + ", which is outside the interval from '"
                + interval.start()
                + "' to '"
                + interval.end()
                + "' that is to be replaced");
      }
    }
  }
}
