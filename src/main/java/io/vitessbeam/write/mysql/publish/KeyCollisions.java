package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.DataException;
import io.vitessbeam.write.IndistinctKeys;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.KeyCollation;
import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.Index;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keys that differ and that a table takes for one, since its collation ignores case, accents or
 * blanks at the end. They are found before the table changes. Reads whole tables, where a collation
 * leaves a doubt at all.
 */
public final class KeyCollisions {

  private final StagedLoad load;
  private final KeyMatch match;

  /**
   * @param target the table that takes the rows; the staging table, if the new one is to be as that
   */
  KeyCollisions(StagedLoad load, TableInfo target) {
    this.load = load;
    this.match = new KeyMatch(target, load.staging());
  }

  /** The unique keys of a table in which a load can have different rows that it takes for one. */
  public static List<Index> ofConcern(TableInfo target, TableInfo staging) {
    return target.indexes().stream()
        .filter(index -> index.unique() && index.whole())
        .filter(
            index -> index.columns().stream().allMatch(name -> staging.column(name).isPresent()))
        .filter(index -> !new KeyMatch(target, staging).inexact(index.columns()).isEmpty())
        .toList();
  }

  /**
   * Passes if no two staged rows have keys that only the table takes for the same.
   *
   * @throws DataException with both keys
   */
  void requireApart(List<String> key) {
    List<String> inexact = match.inexact(key);
    if (inexact.isEmpty()) {
      return;
    }
    String several =
        " FROM %s s WHERE %s GROUP BY %s HAVING %s LIMIT 1"
            .formatted(
                LoadNames.quoted(load.names().staging()),
                key.stream()
                    .map(column -> "s." + LoadNames.quoted(column) + " IS NOT NULL")
                    .collect(Collectors.joining(" AND ")),
                key.stream().map(match::compared).collect(Collectors.joining(", ")),
                inexact.stream()
                    .map(column -> KeyMatch.bytes("s", column))
                    .map(bytes -> "MIN(" + bytes + ") <> MAX(" + bytes + ")")
                    .collect(Collectors.joining(" OR ")));
    // What is shown of a key is computed for each row: only if there is something to show.
    if (!read("SELECT 1" + several).isEmpty()) {
      String shown = "CAST(" + match.shown("s", key) + " AS BINARY)";
      List<String> pair =
          read("SELECT CONVERT(MIN(%s) USING utf8mb4), CONVERT(MAX(%s) USING utf8mb4)"
                      .formatted(shown, shown)
                  + several)
              .get(0);
      String first = pair.get(0);
      String second = pair.get(1);
      throw IndistinctKeys.ofLoad(
          load.id().table().toString(),
          key,
          first,
          second,
          where(inexact),
          remedy(inexact, first, second));
    }
  }

  /**
   * Passes if no staged row has a key that only the table takes for that of a row of its own.
   *
   * @param by the index by which the table's rows are found
   * @throws DataException with both keys
   */
  void requireNoOther(List<String> key, Index by) {
    List<String> inexact = match.inexact(key);
    if (inexact.isEmpty()) {
      return;
    }
    List<List<String>> pair =
        read(
            "SELECT %s, %s FROM %s s STRAIGHT_JOIN %s ON %s AND %s LIMIT 1"
                .formatted(
                    match.shown("s", key),
                    match.shown("t", key),
                    LoadNames.quoted(load.names().staging()),
                    by.of(load.id().table().table(), "t"),
                    match.equal(key),
                    match.differ(key)));
    if (!pair.isEmpty()) {
      String staged = pair.get(0).get(0);
      String present = pair.get(0).get(1);
      throw IndistinctKeys.ofTable(
          load.id().table().toString(),
          key,
          staged,
          present,
          where(inexact),
          remedy(inexact, staged, present));
    }
  }

  private List<List<String>> read(String sql) {
    return load.sessions().read(load.doing(), sql);
  }

  private String where(List<String> inexact) {
    return where(match.target(), inexact);
  }

  /** {@code the collation utf8mb4_general_ci of column k}. */
  public static String where(TableInfo target, List<String> inexact) {
    return inexact.stream()
        .map(
            column ->
                "the collation %s of column %s"
                    .formatted(target.column(column).orElseThrow().collation(), column))
        .collect(Collectors.joining(" and "));
  }

  private String remedy(List<String> inexact, String first, String second) {
    return load.sessions()
        .call(
            load.doing(),
            session -> remedy(session, load.id(), match.target(), inexact, first, second));
  }

  /**
   * How a table is made to tell two keys apart.
   *
   * @param shape the table, or one that is to be it
   */
  public static String remedy(
      MysqlSession session,
      LoadId<Server> id,
      TableInfo shape,
      List<String> inexact,
      String first,
      String second)
      throws SQLException {
    Optional<KeyCollation> apart = KeyCollation.thatTells(session, first, second);
    if (apart.isEmpty()) {
      return "no collation of this server tells them apart; leave one of the rows out";
    }
    String definitions =
        inexact.stream()
            .map(
                column ->
                    LoadNames.quoted(column)
                        + " "
                        + shape.column(column).orElseThrow().columnType()
                        + apart.get().definition())
            .collect(Collectors.joining(", MODIFY "));
    boolean there =
        TableInfo.read(session.connection(), id.schema(), id.table().table()).isPresent();
    return there
        ? "ALTER TABLE %s MODIFY %s, with what else the column says (NOT NULL, DEFAULT), or leave one of the rows out"
            .formatted(LoadNames.quoted(id.table().table()), definitions)
        : "create the table before it is loaded, with %s, or leave one of the rows out"
            .formatted(definitions.replace(", MODIFY ", " and "));
  }
}
