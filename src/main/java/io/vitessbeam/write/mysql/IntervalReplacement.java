package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces an interval of the incremental key, piece by piece: each deletes what the target has
 * between two staged values, and inserts what is staged there. Rows without a value replace those
 * without one.
 */
final class IntervalReplacement {

  private static final Logger LOG = LoggerFactory.getLogger(IntervalReplacement.class);

  /** Rows that a transaction deletes at most. */
  private static final int MOST_DELETED = 5000;

  private final StagedLoad load;
  private final String column;
  private final String target;
  private final KeyRanges values;

  /** The least and the greatest staged value, before duplicates are deleted. */
  private final KeyRanges covered;

  IntervalReplacement(StagedLoad load) {
    this.load = load;
    this.column = Names.quoted(load.id().spec().incrementalKey());
    this.target = Names.quoted(load.id().table());
    this.values =
        new KeyRanges(
            load.names().staging(),
            load.names().bounds(1),
            List.of(load.id().spec().incrementalKey(), Names.ROW));
    this.covered =
        new KeyRanges(
            load.names().staging(),
            load.names().bounds(3),
            List.of(load.id().spec().incrementalKey()));
  }

  void publish() {
    String low = bound(load.id().spec().interval().start(), 0);
    String high = bound(load.id().spec().interval().end(), 1);
    prepare(low, high);
    Chunks chunks = new Chunks(load);
    if (load.keys().isEmpty()) {
      chunks.skip(0);
    } else {
      deleteDuplicates(chunks);
    }
    if (isBounded()) {
      chunks.run(
          1,
          values,
          load.staging(),
          " AND s." + column + " IS NOT NULL",
          (session, chunk, last) -> replace(session, chunk, last, low, high));
    } else {
      chunks.skip(1);
    }
    boolean nulls =
        load.sessions()
                .call(
                    load.doing(),
                    session ->
                        session.number(
                            "SELECT COUNT(*) FROM (SELECT 1 FROM "
                                + Names.quoted(load.names().staging())
                                + " WHERE "
                                + column
                                + " IS NULL LIMIT 1) n"))
            > 0;
    if (nulls) {
      KeyRanges rows =
          new KeyRanges(load.names().staging(), load.names().bounds(2), List.of(Names.ROW));
      chunks.run(
          2,
          rows,
          load.staging(),
          " AND s." + column + " IS NULL",
          (session, chunk, last) -> replaceNulls(session, rows, chunk, last));
    }
  }

  private void prepare(String low, String high) {
    TableInfo there = load.prepareTarget(newIndexes());
    String name = load.id().spec().incrementalKey();
    if (there.indexes().stream().noneMatch(index -> index.startsWith(List.of(name)))) {
      LOG.warn(
          "{} has no index on {}, so that each part of the interval is looked for in the whole"
              + " table: ALTER TABLE {} ADD KEY ({})",
          load.id().name(),
          name,
          target,
          column);
    }
    load.sessions()
        .run(
            load.doing(),
            session -> {
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
              requireWithin(session, low, high);
            });
  }

  private List<String> newIndexes() {
    List<String> indexes = new ArrayList<>();
    if (!load.id().spec().primaryKey().isEmpty()) {
      indexes.add(TableDdl.primaryKey(load.keys()));
    }
    indexes.add(TableDdl.index(List.of(load.id().spec().incrementalKey())));
    return indexes;
  }

  /** Whether an interval is known: given, if only by one end, or covered by what is staged. */
  private boolean isBounded() {
    Interval interval = load.id().spec().interval();
    return !interval.equals(Interval.EVERYTHING)
        || load.sessions().call(load.doing(), session -> covered.exists(session, 0));
  }

  /** An end of the interval that is replaced; empty if it has no end there. */
  private String bound(String given, int end) {
    if (given.isEmpty()) {
      if (!load.id().spec().interval().equals(Interval.EVERYTHING)) {
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
    Interval interval = load.id().spec().interval();
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
            load.id().name()
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

  private void deleteDuplicates(Chunks chunks) {
    KeyRanges ranges = load.keyRanges();
    chunks.run(
        0,
        ranges,
        load.staging(),
        "",
        new Chunks.Step() {
          @Override
          public void before(long chunk, boolean last) {
            load.duplicates().delete(load.sessions(), load.doing(), ranges.rows("s", chunk, last));
          }

          @Override
          public boolean in(Session session, long chunk, boolean last) {
            return true;
          }
        });
  }

  private boolean replace(Session session, long chunk, boolean last, String low, String high)
      throws SQLException {
    List<String> deleted = new ArrayList<>();
    deleted.add(column + " IS NOT NULL");
    if (chunk > 0) {
      deleted.add(column + " > " + value(chunk));
    } else if (!low.isEmpty()) {
      deleted.add(column + " >= " + low);
    }
    String to = last ? high : value(chunk + 1);
    if (!to.isEmpty()) {
      deleted.add(column + " <= " + to);
    }
    if (delete(session, String.join(" AND ", deleted)) == MOST_DELETED) {
      return false;
    }
    session.update(
        AppendedRows.insertInto(load.id().table(), load.staging())
            + " FROM "
            + values.rows("s", chunk, last)
            + " WHERE s."
            + column
            + " IS NOT NULL");
    return true;
  }

  private String value(long chunk) {
    return "(SELECT "
        + column
        + " FROM "
        + Names.quoted(values.bounds())
        + " WHERE "
        + Names.quoted(Names.CHUNK)
        + " = "
        + chunk
        + ")";
  }

  private boolean replaceNulls(Session session, KeyRanges rows, long chunk, boolean last)
      throws SQLException {
    if (chunk == 0 && delete(session, column + " IS NULL") == MOST_DELETED) {
      return false;
    }
    session.update(
        AppendedRows.insertInto(load.id().table(), load.staging())
            + " FROM "
            + rows.rows("s", chunk, last)
            + " WHERE s."
            + column
            + " IS NULL");
    return true;
  }

  private long delete(Session session, String condition) throws SQLException {
    return session.update(
        "DELETE FROM " + target + " WHERE " + condition + " LIMIT " + MOST_DELETED);
  }

  /** Whether a column can be an incremental key whose intervals are replaced. */
  static boolean isOrdered(MysqlType type) {
    return switch (type) {
      case ENUM,
          SET,
          JSON,
          GEOMETRY,
          VECTOR,
          BIT,
          TINYTEXT,
          TEXT,
          MEDIUMTEXT,
          LONGTEXT,
          TINYBLOB,
          BLOB,
          MEDIUMBLOB,
          LONGBLOB ->
          false;
      default -> true;
    };
  }
}
