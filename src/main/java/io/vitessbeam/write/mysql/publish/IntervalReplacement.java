package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlFailures;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces an interval of the incremental key, piece by piece: each deletes what the target has
 * between two staged values, and inserts what is staged there. Rows without a value replace those
 * without one.
 */
public final class IntervalReplacement implements PublishedChange {

  private static final Logger LOG = LoggerFactory.getLogger(IntervalReplacement.class);

  private final StagedLoad load;
  private final String column;
  private final String target;
  private final KeyRanges values;

  /** That a transaction deletes. */
  private int mostRows;

  private final ReplacedInterval interval;
  private final Chunks chunks;

  IntervalReplacement(StagedLoad load) {
    this.load = load;
    this.column = LoadNames.quoted(load.id().spec().incrementalKey());
    this.target = LoadNames.quoted(load.id().table().table());
    this.values =
        new KeyRanges(
            load.names().staging(),
            load.names().bounds(1),
            List.of(load.id().spec().incrementalKey(), LoadNames.ROW));
    this.interval = new ReplacedInterval(load);
    this.chunks = new Chunks(load);
  }

  @Override
  public void make() {
    load.sessions().run(load.doing(), interval::fix);
    mostRows = load.rowsOfTransaction(load.id().table().table());
    if (load.keys().isEmpty()) {
      chunks.skip(0);
    } else {
      chunks.runByKeys(0, (session, staged) -> {});
    }
    boolean nulls = hasNulls();
    if (!chunks.isBegun(1)) {
      // Pieces that are published stay so: what would end the load in a later one is found before.
      Optional<TableInfo> present = load.findTarget();
      present.ifPresent(target -> requireRoom(target, nulls));
      if (present.isEmpty() && !load.id().spec().primaryKey().isEmpty()) {
        new KeyCollisions(load, load.staging()).requireApart(load.keys());
      }
    }
    TableInfo there = prepare();
    ColumnInfo value = there.column(load.id().spec().incrementalKey()).orElseThrow();
    TakenKeys taken = takenKeys(there, nulls);
    if (interval.isBounded()) {
      chunks.run(
          1,
          values,
          load.staging(),
          " AND s." + column + " IS NOT NULL",
          (session, chunk, last) -> replace(session, chunk, last, value, taken));
    } else {
      chunks.skip(1);
    }
    if (nulls) {
      KeyRanges rows =
          new KeyRanges(load.names().staging(), load.names().bounds(2), List.of(LoadNames.ROW));
      chunks.run(
          2,
          rows,
          load.staging(),
          " AND s." + column + " IS NULL",
          (session, chunk, last) -> replaceNulls(session, rows, chunk, last));
    } else {
      chunks.skip(2);
    }
  }

  @Override
  public boolean isMade(MysqlSession session) throws SQLException {
    return chunks.isDone(session, 2);
  }

  private void requireRoom(TableInfo there, boolean nulls) {
    there.column(load.id().spec().incrementalKey()).ifPresent(interval::requireReadable);
    takenKeys(there, nulls).requireFree();
  }

  private TakenKeys takenKeys(TableInfo there, boolean nulls) {
    return new TakenKeys(load, there, interval, nulls);
  }

  private boolean hasNulls() {
    return load.sessions()
            .call(
                load.doing(),
                session ->
                    session.number(
                        "SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1) n"
                            .formatted(LoadNames.quoted(load.names().staging()), column)))
        > 0;
  }

  private TableInfo prepare() {
    TableInfo there = load.prepareTarget(newIndexes());
    String name = load.id().spec().incrementalKey();
    if (there.indexes().stream().noneMatch(index -> index.startsWith(List.of(name)))) {
      LOG.warn(
          "{} has no index on {}, so that each part of the interval is looked for in the whole"
              + " table: ALTER TABLE {} ADD KEY ({})",
          load.id().table(),
          name,
          target,
          column);
    }
    return there;
  }

  private List<String> newIndexes() {
    List<String> indexes = new ArrayList<>();
    if (!load.id().spec().primaryKey().isEmpty()) {
      indexes.add(TableDdl.primaryKey(load.keys()));
    }
    indexes.add(TableDdl.index(List.of(load.id().spec().incrementalKey())));
    return indexes;
  }

  private boolean replace(
      MysqlSession session, long chunk, boolean last, ColumnInfo there, TakenKeys taken)
      throws SQLException {
    List<String> deleted = new ArrayList<>();
    deleted.add(column + " IS NOT NULL");
    deleted.add(interval.holds(column, there));
    String piece = interval.key().piece(column, there);
    if (chunk > 0) {
      deleted.add(piece + " > " + value(chunk));
    }
    if (!last) {
      deleted.add(piece + " <= " + value(chunk + 1));
    }
    if (delete(session, String.join(" AND ", deleted)) == mostRows) {
      return false;
    }
    // They belong to a later piece, or to none as they have no value.
    taken.deleteReplaced(session, values.rows("s", chunk, last));
    insert(session, values.rows("s", chunk, last) + " WHERE s." + column + " IS NOT NULL");
    return true;
  }

  private String value(long chunk) {
    return "(SELECT %s FROM %s WHERE %s = %d)"
        .formatted(
            column, LoadNames.quoted(values.bounds()), LoadNames.quoted(LoadNames.CHUNK), chunk);
  }

  private boolean replaceNulls(MysqlSession session, KeyRanges rows, long chunk, boolean last)
      throws SQLException {
    if (chunk == 0 && delete(session, column + " IS NULL") == mostRows) {
      return false;
    }
    insert(session, rows.rows("s", chunk, last) + " WHERE s." + column + " IS NULL");
    return true;
  }

  private void insert(MysqlSession session, String staged) throws SQLException {
    try {
      String insert = AppendedRows.insertInto(load.id().table().table(), load.staging());
      load.write(session, staged, () -> session.update(insert + " FROM " + staged));
    } catch (SQLException e) {
      if (!MysqlFailures.isDuplicateKey(e)) {
        throw e;
      }
      throw new DataException(
          "%s failed: %s, which a row that stays, or another one of the load, has: use the strategy merge"
              .formatted(load.doing(), MysqlFailures.message(e)),
          e);
    }
  }

  private long delete(MysqlSession session, String condition) throws SQLException {
    return session.update("DELETE FROM " + target + " WHERE " + condition + " LIMIT " + mostRows);
  }

  /** Whether an index can have a column as it is, by which pieces are cut. */
  public static boolean isIndexed(MysqlType type) {
    return switch (type) {
      case TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB -> false;
      default -> true;
    };
  }
}
