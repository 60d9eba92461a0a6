package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Loads of a small table into a file. */
final class ItemLoads {

  /** Keyed by two columns; {@code at} is the incremental key. */
  static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              column("id", ColumnType.of(MysqlType.INT), false),
              column("part", ColumnType.of(MysqlType.VARCHAR, 10), false),
              column("name", ColumnType.of(MysqlType.VARCHAR, 20), true),
              column("at", ColumnType.of(MysqlType.INT), true)),
          List.of("id", "part"));

  private static final String ROWS =
      "SELECT id || part || ' ' || coalesce(name, '-') || ' ' || coalesce(\"at\"::VARCHAR, '-')"
          + " FROM items";

  private final DatabaseFile database;
  private int runs;

  ItemLoads(DatabaseFile database) {
    this.database = database;
  }

  static Column column(String name, ColumnType type, boolean nullable) {
    return new Column(name, type, nullable);
  }

  LoadSpec spec(WriteStrategy strategy) {
    return LoadSpec.of("run " + runs++)
        .withTable(TargetTable.parse("items"))
        .withStrategy(strategy)
        .withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? "at" : "");
  }

  long load(LoadSpec spec, String... rows) {
    return load(database, spec, ITEMS, rows);
  }

  /** Rows as {@code id part name at}, a dash for NULL, an underscore for a blank; of one range. */
  static long load(DatabaseFile file, LoadSpec spec, TableSchema schema, String... rows) {
    Loader loader = new DuckDbDestination(new DuckDbUri(file.path().toString())).loader(spec);
    try {
      List<StagedRange> receipts = new ArrayList<>();
      int sequence = 0;
      if (rows.length > 0) {
        BlockBuilder builder = new BlockBuilder(schema, 1024);
        for (String row : rows) {
          builder.startRow();
          for (String value : row.split(" ", -1)) {
            byte[] bytes = value.replace('_', ' ').getBytes(StandardCharsets.UTF_8);
            if (value.equals("-")) {
              builder.addNull();
            } else {
              builder.addValue(bytes, 0, bytes.length);
            }
          }
        }
        Block block = builder.build(new Origin(5, 0, 1, sequence++, -1, "0"));
        loader.stage(block).ifPresent(receipts::add);
      }
      loader
          .stage(Block.closing(schema, new Origin(5, 0, 1, sequence, rows.length, "0")))
          .ifPresent(receipts::add);
      return loader.publish(receipts).rows();
    } finally {
      loader.release();
    }
  }

  List<Object> rows() throws Exception {
    return database.query(ROWS + " ORDER BY ALL");
  }
}
