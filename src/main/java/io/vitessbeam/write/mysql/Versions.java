package io.vitessbeam.write.mysql;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.VersionColumns;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Keeps every version of a row. A row that differs in any byte of any column from the current
 * version of its key closes that and becomes the current one; without an incremental key, keys that
 * did not come are closed too.
 */
final class Versions implements Change {

  /** The columns that a table of versions has beside the source's. */
  static final List<String> DEFINITIONS =
      List.of(
          Names.quoted(FROM) + " TIMESTAMP(6) NOT NULL",
          Names.quoted(TO) + " TIMESTAMP(6) NULL",
          Names.quoted(CURRENT) + " BOOLEAN NOT NULL");

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final StagedLoad load;
  private final KeyRanges ranges;
  private final Chunks chunks;
  private final String target;
  private final String begun;

  Versions(StagedLoad load) {
    this.load = load;
    this.ranges = load.keyRanges();
    this.chunks = new Chunks(load);
    this.target = Names.quoted(load.id().table());
    this.begun = SqlText.literal(micros(load.id().spec().begun()));
  }

  /** A moment in UTC as MySQL reads it. */
  static String micros(Instant moment) {
    return MICROS.format(moment);
  }

  @Override
  public void make() {
    failIfLater();
    List<String> key = new ArrayList<>(load.keys());
    key.add(FROM);
    TableInfo there =
        load.prepareTarget(
            Stream.concat(DEFINITIONS.stream(), Stream.of(TableDdl.primaryKey(key))).toList());
    String byKey = load.targetCheck().versionIndex(there).of(load.id().table(), "t");
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
          public boolean in(Session session, long chunk, boolean last) throws SQLException {
            bring(session, ranges.rows("s", chunk, last), there, byKey);
            return true;
          }
        });
    if (load.id().spec().incrementalKey().isEmpty()) {
      closeAbsent(there);
    } else {
      chunks.skip(1);
    }
  }

  @Override
  public boolean isMade(Session session) throws SQLException {
    return chunks.isDone(session, 1);
  }

  private void failIfLater() {
    String later = "SELECT MAX(" + FROM + ") FROM " + target + " WHERE " + FROM + " > " + begun;
    load.sessions()
        .run(
            load.doing(),
            session -> {
              if (TableInfo.read(session.connection(), load.id().database(), load.id().table())
                  .isEmpty()) {
                return;
              }
              // No index helps, and a reader has no limits.
              try (Connection reader = load.sessions().database().reader()) {
                VersionColumns.requireNoLater(
                    load.id().name(), load.id().spec().begun(), Sql.text(reader, later));
              }
            });
  }

  private void bring(Session session, String staged, TableInfo there, String byKey)
      throws SQLException {
    String matches =
        KeyRanges.same("t", "s", load.keys()) + " AND t." + Names.quoted(CURRENT) + " = 1";
    session.update(
        "UPDATE "
            + staged
            + " STRAIGHT_JOIN "
            + byKey
            + " ON "
            + matches
            + " SET "
            + closed()
            + " WHERE t."
            + Names.quoted(FROM)
            + " < "
            + begun
            + " AND ("
            + differs(there)
            + ")");
    String insert = AppendedRows.insertInto(load.id().table(), load.staging());
    session.update(
        insert.replaceFirst(
                "\\) SELECT ",
                Matcher.quoteReplacement(
                    ", " + TableDdl.names(List.of(FROM, TO, CURRENT)) + ") SELECT "))
            + ", "
            + begun
            + ", NULL, 1 FROM "
            + staged
            + " LEFT JOIN "
            + byKey
            + " ON "
            + matches
            + " WHERE t."
            + Names.quoted(load.keys().get(0))
            + " IS NULL");
  }

  private String closed() {
    return "t." + Names.quoted(TO) + " = " + begun + ", t." + Names.quoted(CURRENT) + " = 0";
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
      different.add(
          "NOT ("
              + exact("t." + Names.quoted(column.name()), type)
              + " <=> "
              + exact("s." + Names.quoted(column.name()), type)
              + ")");
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
    KeyRanges all = new KeyRanges(load.id().table(), load.names().bounds(1), order);
    String current = " AND s." + Names.quoted(CURRENT) + " = 1";
    chunks.run(
        1,
        all,
        there,
        current,
        (session, chunk, last) -> {
          session.update(
              "UPDATE "
                  + all.rows("t", chunk, last)
                  + " SET "
                  + closed()
                  + " WHERE t."
                  + Names.quoted(CURRENT)
                  + " = 1 AND t."
                  + Names.quoted(FROM)
                  + " < "
                  + begun
                  + " AND NOT EXISTS (SELECT 1 FROM "
                  + TableInfo.byPrimaryKey(load.names().staging(), "s")
                  + " WHERE "
                  + KeyRanges.same("s", "t", load.keys())
                  + ")");
          return true;
        });
  }
}
