package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

  private static final byte[] ONE = "1".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "shop, order items",
    "shop, select",
    "sh\"op, it\"em's",
    "größe, 日本",
    "main, a.b",
    // The catalog of the file has this name too.
    "test, t",
  })
  void anyNameIsCreatedExactly(String schema, String table) throws Exception {
    DatabaseFile database = new DatabaseFile(directory);
    TargetTable name = new TargetTable(schema, table);
    for (String column : List.of("group", "a\"b", "c'd", "größe 1")) {
      load(
          LoadId.of(
              new DuckDbUri(database.path().toString()),
              "",
              LoadSpec.replace("run " + column, name)),
          column);
      assertThat(
              database.query(
                  "SELECT table_schema, table_name, column_name FROM information_schema.columns"))
          .containsExactly(schema, table, column);
    }
  }

  @Test
  void withoutASchemaTheTableIsInMain() throws Exception {
    DatabaseFile database = new DatabaseFile(directory);
    load(database.id("run", "t"), "c");
    assertThat(database.query("SELECT schema_name, table_name FROM duckdb_tables()"))
        .containsExactly("main", "t");
  }

  @Test
  void aViewIsNotReplaced() throws Exception {
    DatabaseFile database = new DatabaseFile(directory);
    database.execute("CREATE VIEW t AS SELECT 1 AS a");
    assertThatThrownBy(() -> load(database.id("run", "T"), "c"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is a VIEW");
    assertThat(database.query("FROM t")).containsExactly(1);
  }

  private static void load(LoadId<DuckDbUri> id, String column) {
    DuckDbLoader load = DuckDbLoads.ofThisJvm().acquire(id);
    Column c = new Column(column, ColumnType.of(MysqlType.INT), false);
    load.publish(DatabaseFile.stage(load, Rows.ofColumn(c, List.of(ONE))));
    DuckDbLoads.ofThisJvm().release(load);
  }
}
