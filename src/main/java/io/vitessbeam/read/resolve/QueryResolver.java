package io.vitessbeam.read.resolve;

import com.mysql.cj.result.Field;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.MysqlSessions;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.read.cursor.RowPackets;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks a read of a custom query against the server, which says the columns of its result. A query
 * is one range, of a Vitess through vtgate's planner.
 */
final class QueryResolver {

  /** Stands for a table where messages name one. */
  private static final String NAME = "query";

  private final ReadOptions options;

  QueryResolver(ReadOptions options) {
    this.options = options;
  }

  ReadRequest resolve() {
    String sql = options.selection().statement(SqlText::literal);
    MysqlSessions sessions = options.uri().sessions();
    sessions.shards();
    TableSchema schema = schema(sessions, sql);
    return new ReadRequest(
        options.uri(),
        options.zeroDates().applyTo(schema),
        new ReadRequest.Source.Query(withWholeFloats(sql, schema)),
        "",
        -1,
        List.of(),
        List.of(),
        1);
  }

  private TableSchema schema(MysqlSessions sessions, String sql) {
    try (RowPackets result = new RowPackets(sessions.reading(""), sql)) {
      List<Column> columns = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Field field : result.fields()) {
        String name = field.getName();
        if (!names.add(name)) {
          throw new ConfigurationException(
              "The query gives two columns named " + name + "; name one otherwise with AS");
        }
        columns.add(new Column(name, ResultColumns.type(field), !field.isNotNull()));
      }
      return new TableSchema(options.uri().keyspace(), NAME, columns, List.of());
    } catch (SQLException e) {
      VitessBeamException failure = SqlFailures.running("The query", e);
      // What is wrong with a query before its first row is for its author to mend.
      throw failure instanceof TransientException
          ? failure
          : new ConfigurationException(failure.getMessage(), e);
    }
  }

  /** MySQL prints a FLOAT with six digits; the query has to be wrapped to print it with all. */
  private static String withWholeFloats(String sql, TableSchema schema) {
    boolean floats =
        schema.columns().stream().anyMatch(column -> column.type().base() == MysqlType.FLOAT);
    if (!floats) {
      return sql;
    }
    List<String> expressions =
        schema.columns().stream().map(column -> SqlText.exact("", column)).toList();
    return "SELECT " + String.join(", ", expressions) + " FROM (" + sql + ") AS `query`";
  }
}
