package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.MysqlSql;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import io.vitessbeam.write.strategy.UnreadableValue;
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
  private final LoadSpec spec;
  private final String column;
  private final IncrementalKey key;
  private final KeyRanges covered;

  ReplacedInterval(StagedLoad load) {
    this.load = load;
    this.spec = load.id().spec();
    this.column = LoadNames.quoted(spec.incrementalKey());
    this.key = new IncrementalKey(load.staging().column(spec.incrementalKey()).orElseThrow());
    this.covered =
        new KeyRanges(
            load.names().staging(), load.names().bounds(3), List.of(spec.incrementalKey()));
  }

  /** How its values compare. */
  IncrementalKey key() {
    return key;
  }

  /**
   * Writes down what the staged rows cover, once.
   *
   * @throws DataException if a row is outside the given interval
   */
  void fix(MysqlSession session) throws SQLException {
    covered.create(session, load.staging());
    for (int end = 0; end < 2; end++) {
      session.update(
          "INSERT IGNORE INTO %s SELECT %d, %s FROM %s WHERE %s IS NOT NULL ORDER BY %s %s LIMIT 1"
              .formatted(
                  LoadNames.quoted(covered.bounds()),
                  end,
                  column,
                  LoadNames.quoted(load.names().staging()),
                  column,
                  key.ordered(column, key.staged()),
                  end == 0 ? "ASC" : "DESC"));
    }
    for (Bound bound : bounds()) {
      requireWithin(session, bound);
    }
  }

  private List<Bound> bounds() {
    List<Bound> bounds = new ArrayList<>();
    spec.low(key.order()).ifPresent(bounds::add);
    spec.high(key.order()).ifPresent(bounds::add);
    return bounds;
  }

  /** Whether an interval is known: given, if only by one end, or covered by what is staged. */
  boolean isBounded() {
    return !spec.interval().equals(Interval.EVERYTHING)
        || load.sessions().call(load.doing(), session -> covered.exists(session, 0));
  }

  /** Whether a value of a column, which is not NULL, is in a known interval. */
  String holds(String value, ColumnInfo there) {
    String ordered = key.ordered(value, there);
    List<String> within = new ArrayList<>();
    if (spec.interval().equals(Interval.EVERYTHING)) {
      within.add(ordered + " >= " + end(0));
      within.add(ordered + " <= " + end(1));
    }
    for (Bound bound : bounds()) {
      within.add(ordered + " " + bound.operator() + " " + key.literal(bound));
    }
    return String.join(" AND ", within);
  }

  private String end(int end) {
    return "(SELECT %s FROM %s WHERE %s = %d)"
        .formatted(
            key.ordered(column, key.staged()),
            LoadNames.quoted(covered.bounds()),
            LoadNames.quoted(LoadNames.CHUNK),
            end);
  }

  /**
   * Whether a row with some value of the incremental key is replaced, as SQL that is never NULL.
   *
   * @param nulls whether rows without a value are
   */
  String replaces(String value, ColumnInfo there, boolean nulls) {
    String within = isBounded() ? value + " IS NOT NULL AND " + holds(value, there) : "FALSE";
    return "(" + within + (nulls ? " OR " + value + " IS NULL" : "") + ")";
  }

  /**
   * Passes if all values of the target's column can be compared with those of the source.
   *
   * @throws DataException naming one that can't
   */
  void requireReadable(ColumnInfo there) {
    if (!key.isText(there)) {
      return;
    }
    List<List<String>> other =
        load.sessions()
            .read(
                load.doing(),
                "SELECT %s FROM %s WHERE NOT (%s REGEXP '^(%s)$') LIMIT 1"
                    .formatted(
                        column,
                        LoadNames.quoted(load.id().table().table()),
                        column,
                        key.order().pattern()));
    if (!other.isEmpty()) {
      throw UnreadableValue.isIn(
          load.id().table().toString(), spec.incrementalKey(), key.order(), other.get(0).get(0));
    }
  }

  private void requireWithin(MysqlSession session, Bound bound) throws SQLException {
    String outside =
        MysqlSql.text(
            session.connection(),
            "SELECT %s FROM %s WHERE NOT (%s %s %s) LIMIT 1"
                .formatted(
                    column,
                    LoadNames.quoted(load.names().staging()),
                    key.ordered(column, key.staged()),
                    bound.operator(),
                    key.literal(bound)));
    if (outside != null) {
      throw new DataException(
          "%s is not published: a row has %s = %s, which is outside the interval from '%s' to '%s' that is to be replaced"
              .formatted(
                  load.id().table(),
                  spec.incrementalKey(),
                  outside,
                  spec.interval().start(),
                  spec.interval().end()));
    }
  }
}
