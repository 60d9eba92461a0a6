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
import io.vitessbeam.schema.ZeroDates;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns that are left out, added by us, and those of the key. */
class CarriedColumnsTest {

  private static final SyncOptions OPTIONS =
      SyncOptions.of(VitessCdcUri.of(VitessUri.parse("vitess://host:1/shop"), "host", 2))
          .withTables(List.of("t"));
  private static final TableSchema TABLE = table(List.of("day"));
  private static final TableSchema KEYLESS = table(List.of());

  @Test
  void columnsAreLeftOut() {
    assertThat(carried(OPTIONS.withoutColumns(List.of("id", "doc")), TABLE))
        .extracting(Column::name)
        .containsExactly("day", "at", "maybe");
    assertRefused(
        OPTIONS.withoutColumns(List.of("day")),
        TABLE,
        "Column day of shop.t is excluded and part of the primary key");
    assertRefused(
        OPTIONS.withPrimaryKey(List.of("id")).withoutColumns(List.of("id")),
        KEYLESS,
        "Column id of shop.t is excluded and part of the primary key");
  }

  @Test
  void aKeyIsGivenToATableWithoutOne() {
    assertThat(CarriedColumns.of(OPTIONS, KEYLESS).primaryKey()).isEmpty();
    assertThat(CarriedColumns.of(OPTIONS.withPrimaryKey(List.of("id")), KEYLESS).primaryKey())
        .containsExactly("id");
    assertThat(CarriedColumns.of(OPTIONS.withPrimaryKey(List.of("day")), TABLE).primaryKey())
        .containsExactly("day");
    assertRefused(
        OPTIONS.withPrimaryKey(List.of("id")), TABLE, "shop.t has the primary key day, by which");
    assertRefused(
        OPTIONS.withPrimaryKey(List.of("ID")),
        KEYLESS,
        "shop.t has no column ID to use as primary key; it has id, day, at, maybe, doc");
    assertRefused(
        OPTIONS.withPrimaryKey(List.of("maybe")), KEYLESS, "Column maybe of shop.t may be NULL");
    assertRefused(OPTIONS.withPrimaryKey(List.of("doc")), KEYLESS, "Column doc of shop.t is JSON");
  }

  @Test
  void zeroDatesOfAKeyAreNotMadeNull() {
    List<Column> columns = carried(OPTIONS.withZeroDates(ZeroDates.NULL), TABLE);

    assertThat(columns.get(1).nullable()).isFalse();
    assertThat(columns.get(1).type().zeroAsNull()).isFalse();
    assertThat(columns.get(2).nullable()).isTrue();
    assertThat(columns.get(2).type().zeroAsNull()).isTrue();
    assertThat(carried(OPTIONS.withZeroDates(ZeroDates.TEXT), TABLE))
        .extracting(column -> column.type().base())
        .startsWith(MysqlType.BIGINT, MysqlType.VARCHAR, MysqlType.VARCHAR);
  }

  @Test
  void namesOfAddedColumnsAreTaken() {
    TableSchema table =
        new TableSchema(
            "shop",
            "t",
            List.of(new Column("_CDC_Deleted", ColumnType.of(MysqlType.INT), true)),
            List.of());

    assertRefused(OPTIONS, table, "Column _CDC_Deleted of shop.t has the name of a column");
  }

  private static List<Column> carried(SyncOptions options, TableSchema table) {
    return CarriedColumns.of(options, table).columns();
  }

  private static void assertRefused(SyncOptions options, TableSchema table, String message) {
    assertThatThrownBy(() -> CarriedColumns.of(options, table))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }

  private static TableSchema table(List<String> key) {
    return new TableSchema(
        "shop",
        "t",
        List.of(
            new Column("id", ColumnType.of(MysqlType.BIGINT), false),
            new Column("day", ColumnType.of(MysqlType.DATE), false),
            new Column("at", ColumnType.of(MysqlType.DATETIME), false),
            new Column("maybe", ColumnType.of(MysqlType.INT), true),
            new Column("doc", ColumnType.of(MysqlType.JSON), false)),
        key);
  }
}
