package io.vitessbeam.read.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.FileUri;
import io.vitessbeam.schema.QuotedName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parquet files as one table, whose columns have types with room for those of all files. */
final class ParquetFiles {

  private static final String WIDE = "(converted_type = 'DECIMAL' AND precision > 38)";
  private static final String INT96 = "type = 'INT96'";

  /** Those without a zone come as TIMESTAMP_NS. */
  private static final String ZONED_NANOSECONDS =
      "logical_type LIKE 'TimestampType(isAdjustedToUTC=1,%NANOS=NanoSeconds%'";

  private final DuckDbSession session;
  private final FileUri uri;
  private final Set<String> without;

  /**
   * @param without columns that are not read
   */
  ParquetFiles(DuckDbSession session, FileUri uri, Set<String> without) {
    this.session = session;
    this.uri = uri;
    this.without = Set.copyOf(without);
  }

  FileTable table() throws SQLException {
    FileList all = FileList.of(session, uri);
    refuseRounded(all);
    Map<Map<String, String>, List<String>> files = new LinkedHashMap<>();
    for (String file : all.files()) {
      Map<String, String> types =
          DuckDbResolver.byName(session.rows("DESCRIBE FROM " + call(new FileList(List.of(file)))));
      files.computeIfAbsent(types, key -> new ArrayList<>()).add(file);
    }
    if (files.size() == 1) {
      List<SourceColumn> columns = new ArrayList<>();
      files
          .keySet()
          .iterator()
          .next()
          .forEach((name, type) -> columns.add(SourceColumn.named(name, type)));
      return new FileTable(columns, call(all), AttachedTable.NONE);
    }
    Map<Map<String, String>, String> calls = new LinkedHashMap<>();
    files.forEach((types, some) -> calls.put(types, call(new FileList(some))));
    Map<String, String> joined = joined(calls);
    List<TableUnion.Part> parts = new ArrayList<>();
    calls.forEach(
        (types, call) -> {
          Map<String, String> expressions = new LinkedHashMap<>();
          types.forEach(
              (name, type) ->
                  expressions.put(
                      name, JoinedType.cast(QuotedName.identifier(name), type, joined.get(name))));
          parts.add(new TableUnion.Part(call, expressions));
        });
    TableUnion union = TableUnion.of(parts);
    List<SourceColumn> columns = new ArrayList<>();
    for (String name : union.names()) {
      columns.add(new SourceColumn(name, joined.get(name), TableUnion.alias(columns.size())));
    }
    return new FileTable(columns, union.sql(), AttachedTable.NONE);
  }

  private String call(FileList files) {
    return files.call("read_parquet", uri.options(), "hive_types_autocast = false");
  }

  private Map<String, String> joined(Map<Map<String, String>, String> calls) throws SQLException {
    Map<String, String> joined = new LinkedHashMap<>();
    for (Map<String, String> types : calls.keySet()) {
      for (Map.Entry<String, String> column : types.entrySet()) {
        String name = column.getKey();
        String type = joined.getOrDefault(name, column.getValue());
        boolean doubles =
            JoinedType.mayBeDoubles(type, column.getValue()) && areDoubles(name, calls);
        joined.put(name, JoinedType.of(type, column.getValue(), doubles));
      }
    }
    return joined;
  }

  /** Whether all values of a column are doubles, digit for digit. */
  private boolean areDoubles(String name, Map<Map<String, String>, String> calls)
      throws SQLException {
    String question =
        "SELECT bool_and("
            + TypeCandidate.isDouble("CAST(" + QuotedName.identifier(name) + " AS VARCHAR)")
            + ") FROM ";
    for (Map.Entry<Map<String, String>, String> part : calls.entrySet()) {
      String type = part.getKey().get(name);
      if (type != null
          && !type.equals("DOUBLE")
          && !type.equals("FLOAT")
          && "false".equals(session.column(question + part.getValue()).get(0))) {
        return false;
      }
    }
    return true;
  }

  /** DuckDB would read these, and round them, without a sign. */
  private void refuseRounded(FileList files) throws SQLException {
    for (List<String> column :
        session.rows(
            "SELECT file_name, name, CASE WHEN "
                + WIDE
                + " THEN 'more than 38 digits, which DuckDB would make a double of' ELSE"
                + " 'nanoseconds, of which DuckDB would read the microseconds only' END, type FROM "
                + files.call("parquet_schema", Map.of())
                + " WHERE "
                + String.join(" OR ", WIDE, INT96, ZONED_NANOSECONDS))) {
      String file = column.get(0);
      String name = column.get(1);
      boolean exact = without.contains(name) || ("INT96".equals(column.get(3)) && isOfSpark(file));
      if (!exact) {
        throw new ConfigurationException(
            "Column %s of %s has %s; leave the column out, or write the file with another type"
                .formatted(name, file, column.get(2)));
      }
    }
  }

  /** Spark writes INT96 too, and its moments have microseconds at most. */
  private boolean isOfSpark(String file) throws SQLException {
    return !session
        .column(
            "SELECT 1 FROM "
                + new FileList(List.of(file)).call("parquet_kv_metadata", Map.of())
                + " WHERE decode(key) = 'org.apache.spark.version'")
        .isEmpty();
  }
}
