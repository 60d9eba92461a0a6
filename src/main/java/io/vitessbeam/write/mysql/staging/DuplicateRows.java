package io.vitessbeam.write.mysql.staging;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.KeyOrder;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.IndistinctKeys;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.KeyMatch;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlFailures;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.MysqlSql;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.TableInfo;
import io.vitessbeam.write.mysql.TableInfo.Index;
import io.vitessbeam.write.mysql.publish.KeyCollisions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Some rows of a block of which one has a unique key that another row has. */
public final class DuplicateRows extends SQLException {

  private static final long serialVersionUID = 1;

  private final int first;
  private final int rows;

  /**
   * @param where of the source they are
   */
  DuplicateRows(String where, SQLException cause, int first, int rows) {
    super(
        where
            + " hold a key that is there already ("
            + MysqlFailures.message(cause)
            + "): what the source tells apart is the same by the collation of the target's key, or"
            + " was read twice; create the target with another collation, or name the key columns",
        cause.getSQLState(),
        cause.getErrorCode(),
        cause);
    this.first = first;
    this.rows = rows;
  }

  /**
   * What is wrong, with both keys if they differ and only the collation takes them for one.
   *
   * @param staging the table into which they were to be inserted
   * @param block of the rows
   */
  public DataException explained(
      MysqlSession session, LoadId<Server> id, String staging, Block block) throws SQLException {
    TableInfo table = TableInfo.read(session.connection(), id.schema(), staging).orElseThrow();
    KeyMatch match = new KeyMatch(table, table);
    for (Index key : KeyCollisions.ofConcern(table, table)) {
      List<String> columns = key.columns();
      List<String> inexact = match.inexact(columns);
      boolean literal =
          columns.stream()
              .allMatch(
                  name -> table.schema().column(name).type().base().keyOrder() != KeyOrder.NONE);
      if (!literal) {
        continue;
      }
      String come = "(" + keys(block, columns) + ")";
      for (String there : List.of(LoadNames.quoted(staging), come)) {
        List<List<String>> pair =
            MysqlSql.rows(
                session.connection(),
                "SELECT %s, %s FROM %s s JOIN %s t ON %s AND %s LIMIT 1"
                    .formatted(
                        match.shown("t", columns),
                        match.shown("s", columns),
                        come,
                        there,
                        columns.stream()
                            .map(name -> as(table, "t", name) + " = " + as(table, "s", name))
                            .collect(Collectors.joining(" AND ")),
                        match.differ(columns)));
        if (!pair.isEmpty()) {
          String one = pair.get(0).get(0);
          String other = pair.get(0).get(1);
          return IndistinctKeys.ofLoad(
              id.table().toString(),
              columns,
              one,
              other,
              KeyCollisions.where(table, inexact),
              KeyCollisions.remedy(session, id, table, inexact, one, other));
        }
      }
    }
    return new DataException(getMessage(), getCause());
  }

  /** A value as the table compares it. */
  private static String as(TableInfo table, String alias, String column) {
    TableInfo.ColumnInfo there = table.column(column).orElseThrow();
    String value = alias + "." + LoadNames.quoted(column);
    return there.characterSet().isEmpty()
        ? value
        : "CONVERT(%s USING %s) COLLATE %s"
            .formatted(value, there.characterSet(), there.collation());
  }

  /** A query that gives the keys of the rows. */
  private String keys(Block block, List<String> columns) {
    List<String> selects = new ArrayList<>();
    BlockReader reader = new BlockReader(block);
    for (int row = 0; reader.nextRow() && row < first + rows; row++) {
      if (row >= first) {
        selects.add(
            columns.stream()
                .map(name -> literal(block, reader, name) + " AS " + LoadNames.quoted(name))
                .collect(Collectors.joining(", ", "SELECT ", "")));
      }
    }
    return String.join(" UNION ALL ", selects);
  }

  private static String literal(Block block, BlockReader reader, String name) {
    int column = block.schema().indexOf(name);
    return reader.length(column) < 0
        ? "NULL"
        : SqlText.keyLiteral(
            block.schema().columns().get(column).type().base(),
            reader.bytes(),
            reader.offset(column),
            reader.length(column));
  }
}
