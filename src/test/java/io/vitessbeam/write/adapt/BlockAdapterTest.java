package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.SchemaContract;
import io.vitessbeam.SchemaNaming;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockAdapterTest {

  private static final Origin ORIGIN = new Origin(5, 1, 2, 3, -1, "-80", 4);

  private static final TableSchema SOURCE =
      table(
          List.of("id"),
          column("id", ColumnType.of(MysqlType.BIGINT), false),
          column("aName", ColumnType.of(MysqlType.VARCHAR, 20), true),
          column("n", ColumnType.of(MysqlType.INT), true));

  private static final LoadSpec MERGE =
      LoadSpec.of("a run").withTable(TargetTable.parse("items")).withStrategy(WriteStrategy.MERGE);

  private static Column column(String name, ColumnType type, boolean nullable) {
    return new Column(name, type, nullable);
  }

  private static TableSchema table(List<String> key, Column... columns) {
    return new TableSchema("shop", "items", List.of(columns), key);
  }

  /** Values between commas, a dash for NULL. */
  private static Block block(String... rows) {
    BlockBuilder builder = new BlockBuilder(SOURCE, 16);
    for (String row : rows) {
      builder.startRow();
      for (String value : row.split(",", -1)) {
        byte[] bytes = value.getBytes(UTF_8);
        if (value.equals("-")) {
          builder.addNull();
        } else {
          builder.addValue(bytes, 0, bytes.length);
        }
      }
    }
    return builder.build(ORIGIN);
  }

  private static List<String> rows(Block block) {
    List<String> rows = new ArrayList<>();
    BlockReader reader = new BlockReader(block);
    while (reader.nextRow()) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < block.schema().columns().size(); i++) {
        values.add(reader.isNull(i) ? "-" : new String(reader.value(i), UTF_8));
      }
      rows.add(String.join(",", values));
    }
    return rows;
  }

  private static AdaptedBlock adapt(Adaptation adaptation, TableSchema target, Block block) {
    return BlockAdapter.of(adaptation, MERGE, SOURCE, Optional.ofNullable(target)).adapt(block);
  }

  private static Adaptation contract(SchemaContract contract) {
    return Adaptation.NONE.withContract(contract);
  }

  @Test
  void otherNamesLeaveTheRowsAlone() {
    Block block = block("1,a,5");
    Block adapted = adapt(Adaptation.NONE.withNaming(SchemaNaming.SNAKE_CASE), null, block).block();

    assertThat(adapted.schema().columns())
        .extracting(Column::name)
        .containsExactly("id", "a_name", "n");
    assertThat(adapted.schema().primaryKey()).containsExactly("id");
    assertThat(new BlockReader(adapted).bytes()).isSameAs(new BlockReader(block).bytes());
    assertThat(adapted.origin()).isEqualTo(ORIGIN);
  }

  @Test
  void rowsThatDoNotFitAreLeftOutAndCounted() {
    TableSchema target =
        table(
            List.of(),
            column("ID", ColumnType.of(MysqlType.INT), false),
            column("aName", ColumnType.of(MysqlType.VARCHAR, 3), false));
    AdaptedBlock adapted =
        adapt(
            contract(SchemaContract.DISCARD_ROW),
            target,
            block("1,abc,-", "2,abcd,-", "3,-,-", "4,a,9", "12345678901,a,-", "5,É😀a,-"));

    assertThat(rows(adapted.block())).containsExactly("1,abc", "5,É😀a");
    assertThat(adapted.rowsDiscarded()).isEqualTo(4);
    assertThat(adapted.valuesDiscarded()).isZero();
    assertThat(adapted.block().origin()).isEqualTo(ORIGIN.withLeftOut(8));
    assertThat(adapted.block().schema().columns())
        .containsExactly(
            column("id", ColumnType.of(MysqlType.INT), false),
            column("aName", ColumnType.of(MysqlType.VARCHAR, 3), false));
  }

  @Test
  void valuesThatDoNotFitAreNullAndCounted() {
    TableSchema target =
        table(
            List.of(),
            column("id", ColumnType.of(MysqlType.BIGINT), false),
            column("n", ColumnType.of(MysqlType.TINYINT), true));
    AdaptedBlock adapted =
        adapt(contract(SchemaContract.DISCARD_VALUE), target, block("1,a,127", "2,-,128", "3,-,-"));

    assertThat(rows(adapted.block())).containsExactly("1,127", "2,-", "3,-");
    assertThat(adapted.rowsDiscarded()).isZero();
    assertThat(adapted.valuesDiscarded()).isEqualTo(2);
    assertThat(adapted.block().origin()).isEqualTo(ORIGIN);
  }

  @Test
  void valuesThatMayNotBeNullAreNotDiscarded() {
    Adaptation contract = contract(SchemaContract.DISCARD_VALUE);
    TableSchema narrow = table(List.of(), column("id", ColumnType.of(MysqlType.TINYINT), false));
    assertThatThrownBy(() -> adapt(contract, narrow, block("300,a,1")))
        .isInstanceOf(DataException.class)
        .hasMessage("Column id of shop.items, row id=300: '300' is not between -128 and 127");

    TableSchema required =
        table(
            List.of(),
            column("id", ColumnType.of(MysqlType.BIGINT), false),
            column("n", ColumnType.of(MysqlType.INT), false));
    assertThatThrownBy(() -> adapt(contract, required, block("1,a,-")))
        .isInstanceOf(DataException.class)
        .hasMessage("Column n of shop.items, row id=1: NULL is for a column that takes no NULL");
  }

  @Test
  void whatIsOverriddenIsFittedToTheTable() {
    TableSchema target =
        table(
            List.of(),
            column("id", ColumnType.of(MysqlType.BIGINT), false),
            column("price", ColumnType.decimal(3, 1), true));
    Adaptation adaptation =
        contract(SchemaContract.DISCARD_ROW)
            .withColumns(ColumnOverride.parse("price:decimal(9,2):aName"));

    AdaptedBlock adapted = adapt(adaptation, target, block("1,1.50,-", "2,1.55,-", "3,100,-"));
    assertThat(rows(adapted.block())).containsExactly("1,1.5");
    assertThat(adapted.rowsDiscarded()).isEqualTo(2);
    assertThatThrownBy(() -> adapt(adaptation, target, block("4,x,-")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column aName of shop.items, row id=4: 'x' is no number");
  }

  @ParameterizedTest
  @CsvSource({
    "n, DATE, Column n of shop.items is INT",
    "aName, LONGBLOB, Column aName of shop.items is VARCHAR(20)",
  })
  void aTypeWithNothingInCommonIsAnError(String name, MysqlType type, String message) {
    TableSchema target =
        table(
            List.of(),
            column("id", ColumnType.of(MysqlType.BIGINT), false),
            column(name, ColumnType.of(type), true));
    assertThatThrownBy(() -> adapt(contract(SchemaContract.DISCARD_ROW), target, block()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message + ", whose values are none of " + type);
  }

  @ParameterizedTest
  @CsvSource({"DELETE_INSERT,''", "DELETE_INSERT,n", "SCD2,''"})
  void rowsAreNotLeftOutWhereAbsenceDeletes(WriteStrategy strategy, String key) {
    LoadSpec spec = MERGE.withStrategy(strategy).withIncrementalKey(key);
    assertThatThrownBy(() -> contract(SchemaContract.DISCARD_ROW).requireFit(spec))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("takes a row that does not come for one that is gone");
    contract(SchemaContract.DISCARD_ROW)
        .requireFit(MERGE.withStrategy(WriteStrategy.SCD2).withIncrementalKey("n"));
    contract(SchemaContract.DISCARD_VALUE).requireFit(spec);
  }

  @ParameterizedTest
  @CsvSource({
    "id, id",
    "aName, a_name",
    "a_name, a_name",
    "n, Price",
    "Price, Price",
    "price, price"
  })
  void keysHaveEitherName(String given, String expected) {
    Adaptation adaptation =
        Adaptation.NONE
            .withNaming(SchemaNaming.SNAKE_CASE)
            .withColumns(ColumnOverride.parse("Price::n"));
    LoadSpec named =
        adaptation.translate(MERGE.withPrimaryKey(List.of(given)).withIncrementalKey(given));

    assertThat(named.primaryKey()).containsExactly(expected);
    assertThat(named.incrementalKey()).isEqualTo(expected);
  }
}
