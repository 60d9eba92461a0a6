package io.vitessbeam.read.cursor;

import io.vitessbeam.read.RangePosition;
import io.vitessbeam.read.resolve.ReadRequest;
import io.vitessbeam.schema.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The SQL of a range. */
final class RangeQuery {

  private RangeQuery() {}

  /** The statement that reads what is left of a range from a position on. */
  static String sql(ReadRange range, RangePosition position) {
    ReadRequest request = range.request();
    if (request.source() instanceof ReadRequest.Source.Query query) {
      return query.sql();
    }
    ReadRequest.Source.Table table = (ReadRequest.Source.Table) request.source();
    boolean keyed = !request.rangeKey().isEmpty();
    StringBuilder sql = new StringBuilder("SELECT ").append(selectList(request));
    sql.append(" FROM ").append(table.sql());
    if (keyed) {
      // Any other index would mean a sort of the whole range before its first row.
      sql.append(" FORCE INDEX (PRIMARY)");
    }
    List<String> conditions = conditions(range, position);
    if (!conditions.isEmpty()) {
      sql.append(" WHERE ").append(String.join(" AND ", conditions));
    }
    if (keyed) {
      sql.append(
          request.rangeKey().stream()
              .map(key -> SqlText.identifier(key.name()))
              .collect(Collectors.joining(", ", " ORDER BY ", "")));
    }
    // Not through the planner: a LIMIT that ends the streams of several shards early may end the
    // connection too ("stream send error: EOF"). The cursor stops there by itself.
    if (request.limit() >= 0 && !request.shards().isEmpty()) {
      sql.append(" LIMIT ").append(request.limit() - position.rows());
    }
    return sql.toString();
  }

  private static List<String> conditions(ReadRange range, RangePosition position) {
    ReadRequest request = range.request();
    List<String> conditions = new ArrayList<>();
    if (!position.last().isNone()) {
      conditions.add(position.last().condition(request.rangeKey(), ">"));
    } else if (!range.lower().isNone()) {
      conditions.add(range.lower().condition(request.rangeKey(), ">="));
    }
    if (!range.upper().isNone()) {
      conditions.add(range.upper().condition(request.rangeKey(), "<"));
    }
    if (!request.filter().isEmpty()) {
      conditions.add(request.filter());
    }
    return conditions;
  }

  static String selectList(ReadRequest request) {
    return request.schema().columns().stream()
        .map(column -> SqlText.exact("", column))
        .collect(Collectors.joining(", "));
  }
}
