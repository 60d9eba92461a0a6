package io.vitessbeam.write.mysql.publish;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.VersionColumns;
import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.TableDdl;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps every version of a row. A row that differs in any byte of any column from the current
 * version of its key closes that and becomes the current one; without an incremental key, keys that
 * did not come are closed too.
 */
public final class Versions implements PublishedChange {

  /** The columns that a table of versions has beside the source's. */
  public static final List<String> DEFINITIONS =
      List.of(
          LoadNames.quoted(FROM) + " TIMESTAMP(6) NOT NULL",
          LoadNames.quoted(TO) + " TIMESTAMP(6) NULL",
          LoadNames.quoted(CURRENT) + " BOOLEAN NOT NULL");

  private final StagedLoad load;
  private final Chunks chunks;
  private final String begun;

  Versions(StagedLoad load) {
    this.load = load;
    this.chunks = new Chunks(load);
    this.begun = SqlText.literal(VersionColumns.text(load.id().spec().begun()));
  }

  @Override
  public void make() {
    failIfLater();
    if (!chunks.isBegun(0)) {
      requireKeysApart();
    }
    List<String> key = new ArrayList<>(load.keys());
    key.add(FROM);
    TableInfo there =
        load.prepareTarget(
            Stream.concat(DEFINITIONS.stream(), Stream.of(TableDdl.primaryKey(key))).toList());
    String byKey = load.targetCheck().versionIndex(there).of(load.id().table().table(), "t");
    chunks.runByKeys(0, (session, staged) -> bring(session, staged, there, byKey));
    if (load.id().spec().incrementalKey().isEmpty()) {
      closeAbsent(there);
    } else {
      chunks.skip(1);
    }
  }

  @Override
  public boolean isMade(MysqlSession session) throws SQLException {
    return chunks.isDone(session, 1);
  }

  private void requireKeysApart() {
    Optional<TableInfo> there = load.findTarget();
    KeyCollisions collisions = new KeyCollisions(load, there.orElse(load.staging()));
    collisions.requireApart(load.keys());
    there.ifPresent(
        target -> collisions.requireNoOther(load.keys(), load.targetCheck().versionIndex(target)));
  }

  private String same(TableInfo there) {
    return new KeyMatch(there, load.staging()).same(load.keys());
  }

  private void failIfLater() {
    if (load.findTarget().isEmpty()) {
      return;
    }
    String target = LoadNames.quoted(load.id().table().table());
    String later = "SELECT MAX(%1$s) FROM %2$s WHERE %1$s > %3$s".formatted(FROM, target, begun);
    // No index helps, and a reader has no limits.
    List<List<String>> latest = load.sessions().read(load.doing(), later);
    VersionColumns.requireNoLater(
        load.id().table().toString(), load.id().spec().begun(), latest.get(0).get(0));
  }

  private void bring(MysqlSession session, String staged, TableInfo there, String byKey)
      throws SQLException {
    String matches = same(there) + " AND t." + LoadNames.quoted(CURRENT) + " = 1";
    session.update(
        "UPDATE %s STRAIGHT_JOIN %s ON %s SET %s WHERE t.%s < %s AND (%s)"
            .formatted(
                staged, byKey, matches, closed(), LoadNames.quoted(FROM), begun, differs(there)));
    session.update(
        "%s FROM %s LEFT JOIN %s ON %s WHERE t.%s IS NULL"
            .formatted(
                AppendedRows.insertInto(load.id().table().table(), load.staging(), version()),
                staged,
                byKey,
                matches,
                LoadNames.quoted(load.keys().get(0))));
  }

  /** The columns of a new version and their values. */
  private Map<String, String> version() {
    Map<String, String> version = new LinkedHashMap<>();
    version.put(FROM, begun);
    version.put(TO, "NULL");
    version.put(CURRENT, "1");
    return version;
  }

  private String closed() {
    return "t."
        + LoadNames.quoted(TO)
        + " = "
        + begun
        + ", t."
        + LoadNames.quoted(CURRENT)
        + " = 0";
  }

  /** Compares values as they are, not as a collation sees them. */
  private String differs(TableInfo there) {
    List<String> different = new ArrayList<>();
    different.add("FALSE");
    for (ColumnInfo column : load.columns()) {
      if (load.keys().contains(column.name())) {
        continue;
      }
      MysqlType type = there.column(column.name()).orElseThrow().type().base();
      String name = LoadNames.quoted(column.name());
      different.add(
          "NOT (%s <=> %s)".formatted(exact("t." + name, type), exact("s." + name, type)));
    }
    return String.join(" OR ", different);
  }

  private static String exact(String value, MysqlType type) {
    return switch (type) {
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET ->
          "CAST(CONVERT(" + value + " USING utf8mb4) AS BINARY)";
      case GEOMETRY -> "HEX(" + value + ")";
      default -> value;
    };
  }

  /** Walks over the target, in which a range of staged keys may have any number of others. */
  private void closeAbsent(TableInfo there) {
    List<String> order =
        load.targetCheck().versionIndex(there).columns().subList(0, load.keys().size());
    KeyRanges all = new KeyRanges(load.id().table().table(), load.names().bounds(1), order);
    String current = " AND s." + LoadNames.quoted(CURRENT) + " = 1";
    chunks.run(
        1,
        all,
        there,
        current,
        (session, chunk, last) -> {
          session.update(
              "UPDATE %s SET %s WHERE t.%s = 1 AND t.%s < %s AND NOT EXISTS (SELECT 1 FROM %s WHERE %s)"
                  .formatted(
                      all.rows("t", chunk, last),
                      closed(),
                      LoadNames.quoted(CURRENT),
                      LoadNames.quoted(FROM),
                      begun,
                      TableInfo.byPrimaryKey(load.names().staging(), "s"),
                      same(there)));
          return true;
        });
  }
}
