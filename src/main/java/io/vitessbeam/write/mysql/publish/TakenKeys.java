package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import io.vitessbeam.write.mysql.TableInfo.Index;
import io.vitessbeam.write.strategy.StayingRow;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The unique keys with which rows are staged and that rows of the target may have already, though
 * they are elsewhere in the incremental key: such a row is replaced too, or it stays and is in the
 * way.
 */
final class TakenKeys {

  private final StagedLoad load;
  private final TableInfo target;
  private final KeyMatch match;
  private final KeyCollisions collisions;
  private final List<Index> keys;

  /** The incremental key of a row of the target, {@code t}; a new column is NULL in each. */
  private final String value;

  /** Whether that row is replaced. */
  private final String replaced;

  /**
   * @param nulls whether rows without a value of the incremental key are replaced
   */
  TakenKeys(StagedLoad load, TableInfo target, ReplacedInterval interval, boolean nulls) {
    this.load = load;
    this.target = target;
    this.match = new KeyMatch(target, load.staging());
    this.collisions = new KeyCollisions(load, target);
    this.keys =
        target.indexes().stream()
            .filter(index -> index.unique() && index.whole())
            .filter(index -> index.columns().stream().allMatch(this::isStaged))
            .toList();
    String name = load.id().spec().incrementalKey();
    Optional<ColumnInfo> column = target.column(name);
    this.value = column.isPresent() ? "t." + LoadNames.quoted(name) : "NULL";
    this.replaced = interval.replaces(value, column.orElse(interval.key().staged()), nulls);
  }

  private boolean isStaged(String column) {
    return load.staging().column(column).isPresent();
  }

  /**
   * Passes if all staged rows will find room. Reads whole tables, and changes nothing.
   *
   * @throws DataException if one won't, with its key
   */
  void requireFree() {
    for (Index key : keys) {
      collisions.requireApart(key.columns());
      requireNoneStays(key);
      // Of those with the load's own key one is left.
      if (load.keys().isEmpty() || !key.columns().containsAll(load.keys())) {
        requireNoneTwice(key);
      }
    }
  }

  private void requireNoneStays(Index key) {
    List<List<String>> taken =
        load.sessions()
            .read(
                load.doing(),
                "SELECT %s, %s, %s, %s FROM %s STRAIGHT_JOIN %s t ON %s WHERE NOT %s LIMIT 1"
                    .formatted(
                        shown(key),
                        value,
                        differ(key),
                        match.shown("t", key.columns()),
                        staged(),
                        LoadNames.quoted(target.schema().table()),
                        match.equal(key.columns()),
                        replaced));
    if (taken.isEmpty()) {
      return;
    }
    List<String> row = taken.get(0);
    int columns = key.columns().size();
    DataException stays =
        StayingRow.isInTheWay(
            load.id().table().toString(), key.columns(), load.id().spec().incrementalKey(), row);
    throw row.get(columns + 1).equals("1")
        ? new DataException(
            "%s (that row has (%s), another key, and the same for %s)"
                .formatted(
                    stays.getMessage(),
                    row.get(columns + 2),
                    KeyCollisions.where(target, match.inexact(key.columns()))))
        : stays;
  }

  private String differ(Index key) {
    return match.inexact(key.columns()).isEmpty() ? "0" : match.differ(key.columns());
  }

  private void requireNoneTwice(Index key) {
    String present =
        key.columns().stream()
            .map(column -> "s." + LoadNames.quoted(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    String groups = key.columns().stream().map(match::compared).collect(Collectors.joining(", "));
    List<List<String>> twice =
        load.sessions()
            .read(
                load.doing(),
                "SELECT %s FROM %s WHERE %s GROUP BY %s HAVING COUNT(*) > 1 LIMIT 1"
                    .formatted(
                        key.columns().stream()
                            .map(column -> "MAX(" + shown(column) + ")")
                            .collect(Collectors.joining(", ")),
                        staged(),
                        present,
                        groups));
    if (!twice.isEmpty()) {
      throw new DataException(
          "%s is not published: several rows come with the key (%s) = (%s), of which the table takes one: name these columns as the primary key of the load, so that the last row counts"
              .formatted(
                  load.id().table(),
                  String.join(", ", key.columns()),
                  String.join(", ", twice.get(0))));
    }
  }

  /** Deletes the rows that are replaced and have a key of some staged rows, {@code s}. */
  void deleteReplaced(MysqlSession session, String staged) throws SQLException {
    for (Index key : keys) {
      session.update(
          "DELETE t FROM %s STRAIGHT_JOIN %s ON %s WHERE s.%s IS NOT NULL AND %s"
              .formatted(
                  staged,
                  key.of(target.schema().table(), "t"),
                  match.equal(key.columns()),
                  LoadNames.quoted(load.id().spec().incrementalKey()),
                  replaced));
    }
  }

  private String staged() {
    return LoadNames.quoted(load.names().staging()) + " s";
  }

  private String shown(Index key) {
    return key.columns().stream().map(this::shown).collect(Collectors.joining(", "));
  }

  private String shown(String column) {
    String staged = "s." + LoadNames.quoted(column);
    MysqlType type = load.staging().column(column).orElseThrow().type().base();
    return type == MysqlType.BINARY || type == MysqlType.VARBINARY
        ? "CONCAT('0x', HEX(" + staged + "))"
        : staged;
  }
}
