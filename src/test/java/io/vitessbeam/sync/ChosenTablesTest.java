package io.vitessbeam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.ColumnDefinition;
import io.vitessbeam.schema.discovery.TableDefinition;
import io.vitessbeam.sync.SourceTables.SourceTable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which tables of a run stand in its way. */
class ChosenTablesTest {

  private static final SyncOptions OPTIONS =
      SyncOptions.of(VitessCdcUri.of(VitessUri.parse("vitess://host:1/shop"), "host", 2))
          .withTables(List.of("a", "b"));

  @Test
  void anExcludedColumnIsOneOfSomeTable() {
    ChosenTables tables = new ChosenTables(OPTIONS.withoutColumns(List.of("ssn")));

    assertThat(tables.of(List.of(table("a", "id", "ssn"), table("b", "id", "n"))))
        .extracting(chosen -> chosen.schema().columns().size())
        .containsExactly(1, 2);
    assertThatThrownBy(() -> tables.of(List.of(table("a", "id"), table("b", "id", "n"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("No table has a column ssn to exclude");
  }

  /** The one that was altered needn't be the one with the column, or has it no more. */
  @Test
  void aTableThatIsCopiedAgainNeedNotHaveTheExcludedColumn() {
    ChosenTables tables = new ChosenTables(OPTIONS.withoutColumns(List.of("ssn")));

    assertThat(tables.again(List.of(table("b", "id", "n"))))
        .extracting(chosen -> chosen.schema().table())
        .containsExactly("b");
  }

  @Test
  void aSetOfAllMembersCanNotBeFollowed() {
    SourceTable table = withColumn(table("a", "id"), set(64));

    assertThatThrownBy(() -> new ChosenTables(OPTIONS).of(List.of(table)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop.a: Column tags is a SET of 64 members")
        .hasMessageContaining("--sql-exclude-columns");
    assertThat(new ChosenTables(OPTIONS.withoutColumns(List.of("tags"))).of(List.of(table)))
        .hasSize(1);
    assertThat(new ChosenTables(OPTIONS).of(List.of(withColumn(table("a", "id"), set(63)))))
        .hasSize(1);
  }

  @Test
  void anIndexOverAnExpressionCanNotBeFollowed() {
    SourceTable plain = table("a", "id");
    SourceTable table =
        new SourceTable(
            table("b", "id").schema(), plain.definition(), true, List.of("by_end", "by_year"));

    assertThatThrownBy(() -> new ChosenTables(OPTIONS).of(List.of(plain, table)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop.b (by_end, by_year)")
        .hasMessageContaining("drop the index");
  }

  private static Column set(int members) {
    return new Column(
        "tags",
        ColumnType.labelled(
            MysqlType.SET, IntStream.range(0, members).mapToObj(i -> "m" + i).toList()),
        true);
  }

  private static SourceTable withColumn(SourceTable table, Column column) {
    return new SourceTable(
        table
            .schema()
            .withColumns(
                Stream.concat(table.schema().columns().stream(), Stream.of(column)).toList()),
        table.definition(),
        true,
        List.of());
  }

  private static SourceTable table(String name, String... columns) {
    return new SourceTable(
        new TableSchema(
            "shop",
            name,
            Stream.of(columns)
                .map(column -> new Column(column, ColumnType.of(MysqlType.INT), false))
                .toList(),
            List.of("id")),
        new TableDefinition(
            List.of(new ColumnDefinition("id", "int", "", "", false, "", "", "")), List.of("id")),
        true,
        List.of());
  }
}
