package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns that PostgreSQL fills, and those that nobody does, in tables that were there before. */
class FilledColumnsIT {

  private static final Column ID = column("id", ColumnType.of(MysqlType.INT), false);
  private static final Column NAME = column("name", ColumnType.of(MysqlType.VARCHAR, 20), true);
  private static final Column AT = column("at", ColumnType.of(MysqlType.INT), true);
  private static final TableSchema ITEMS = table(ID, NAME, AT);

  private static final String PLAIN = "name varchar(20), at integer";
  static final String VERSIONS =
      ", _scd_valid_from timestamp(6) NOT NULL, _scd_valid_to timestamp(6), _scd_is_current boolean"
          + " NOT NULL";

  private final TestSchema schema = new TestSchema();

  private static TableSchema table(Column... columns) {
    return new TableSchema("shop", "items", List.of(columns), List.of("id"));
  }

  private LoadSpec spec(WriteStrategy strategy) {
    return schema
        .spec("items")
        .withStrategy(strategy)
        .withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? "at" : "");
  }

  /** Makes the table that is there before; one of versions for scd2. */
  private void create(WriteStrategy strategy, String columns) throws SQLException {
    schema.execute(
        "CREATE SCHEMA $s",
        "CREATE TABLE $s.items ("
            + columns
            + (strategy == WriteStrategy.SCD2 ? VERSIONS : "")
            + ")");
  }

  private List<String> rows(String expression) throws SQLException {
    return schema.query("SELECT " + expression + " FROM $s.items ORDER BY 1");
  }

  /** Fails while the first block is staged, and leaves nothing. */
  private void assertRefused(
      WriteStrategy strategy, TableSchema columns, String row, String... message)
      throws SQLException {
    Loader loader = schema.loader(spec(strategy));
    ThrowingCallable staging = () -> TestSchema.stage(loader, columns, row);
    assertThatThrownBy(staging)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(message);
    loader.release();
    assertThat(schema.tables()).containsExactly("items");
  }

  static Stream<Arguments> identities() {
    return Stream.of("ALWAYS", "BY DEFAULT")
        .flatMap(
            kind ->
                Stream.of(WriteStrategy.values()).map(strategy -> Arguments.of(kind, strategy)));
  }

  @ParameterizedTest
  @MethodSource("identities")
  void identityColumnsTakeTheValuesOfTheSource(String kind, WriteStrategy strategy)
      throws SQLException {
    create(strategy, "id integer GENERATED " + kind + " AS IDENTITY, " + PLAIN);

    schema.load(spec(strategy), ITEMS, "5 five 1", "7 seven 2");
    schema.load(spec(strategy), ITEMS, "5 zwei 1", "9 nine 2");

    List<String> expected =
        switch (strategy) {
          case REPLACE, DELETE_INSERT -> List.of("5 zwei 1", "9 nine 2");
          case APPEND -> List.of("5 five 1", "5 zwei 1", "7 seven 2", "9 nine 2");
          case MERGE -> List.of("5 zwei 1", "7 seven 2", "9 nine 2");
          case SCD2 ->
              List.of("5 five 1 false", "5 zwei 1 true", "7 seven 2 false", "9 nine 2 true");
        };
    String current = strategy == WriteStrategy.SCD2 ? ", _scd_is_current::text" : "";
    assertThat(rows("concat_ws(' ', id, name, at" + current + ")"))
        .containsExactlyElementsOf(expected);
    assertThat(identities("id")).containsExactly(kind.equals("ALWAYS") ? "a" : "d");
  }

  private List<String> identities(String column) throws SQLException {
    return schema.query(
        "SELECT attidentity FROM pg_attribute WHERE attrelid = '$s.items'::regclass AND attname = "
            + PostgresqlSql.literal(column));
  }

  @ParameterizedTest
  @EnumSource
  void columnsThatTheSourceHasNotAreFilled(WriteStrategy strategy) throws SQLException {
    create(
        strategy,
        "id integer, "
            + PLAIN
            + ", twice integer NOT NULL GENERATED ALWAYS AS (coalesce(at, 0) * 2) STORED, number"
            + " bigint GENERATED ALWAYS AS IDENTITY, other bigint GENERATED BY DEFAULT AS IDENTITY,"
            + " given text NOT NULL DEFAULT 'x'");

    for (String row : List.of("5 five 1", "7 seven 2", "8 eight -")) {
      schema.load(spec(strategy), ITEMS, row);
    }

    if (strategy == WriteStrategy.REPLACE) {
      assertThat(schema.columns("items"))
          .containsExactly("id integer NOT NULL", "name character varying(20)", "at integer");
      assertThat(rows("concat_ws(' ', id, name, at)")).containsExactly("8 eight");
    } else {
      assertThat(rows("concat_ws(' ', id, name, twice, number, other, given)"))
          .containsExactly("5 five 2 1 1 x", "7 seven 4 2 2 x", "8 eight 0 3 3 x");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aColumnThatIsComputedIsNotBrought(WriteStrategy strategy) throws SQLException {
    create(
        strategy,
        "id integer, at integer, name varchar(20) GENERATED ALWAYS AS (at::varchar) STORED");

    assertRefused(
        strategy,
        ITEMS,
        "5 five 1",
        "Column name of " + schema.name() + ".items is computed by PostgreSQL",
        "leave the column of the source out, or drop that of the table");
  }

  @Test
  void versionsAreNotComputed() throws SQLException {
    create(
        WriteStrategy.REPLACE,
        "id integer, name varchar(20), at integer, _scd_valid_from timestamp NOT NULL,"
            + " _scd_valid_to timestamp, _scd_is_current boolean GENERATED ALWAYS AS"
            + " (_scd_valid_to IS NULL) STORED");

    assertRefused(
        WriteStrategy.SCD2,
        ITEMS,
        "5 five 1",
        "Column _scd_is_current of " + schema.name() + ".items is computed by PostgreSQL");
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteStrategy.class,
      names = {"APPEND", "DELETE_INSERT", "SCD2"})
  void aRequiredColumnThatNobodyFillsIsNamed(WriteStrategy strategy) throws SQLException {
    create(strategy, "id integer, " + PLAIN + ", tenant text NOT NULL");

    String quoted = "\"" + schema.name() + "\".\"items\"";
    assertRefused(
        strategy,
        ITEMS,
        "5 five 1",
        "column tenant of " + schema.name() + ".items is NOT NULL and has no default",
        "ALTER TABLE " + quoted + " ALTER COLUMN \"tenant\" SET DEFAULT …, or DROP NOT NULL");

    // The two ways out that the message names.
    schema.execute("ALTER TABLE $s.items ALTER COLUMN \"tenant\" SET DEFAULT 'us'");
    schema.load(spec(strategy), ITEMS, "5 five 1");
    schema.execute(
        "ALTER TABLE $s.items ALTER COLUMN \"tenant\" DROP DEFAULT, ALTER COLUMN \"tenant\" DROP"
            + " NOT NULL");
    schema.load(spec(strategy), ITEMS, "7 seven 2");
    assertThat(rows("concat_ws(' ', id, name, tenant)")).containsExactly("5 five us", "7 seven");
  }

  @Test
  void mergeUpdatesRowsWhoseOtherColumnsItCouldNotFill() throws SQLException {
    create(WriteStrategy.MERGE, "id integer, " + PLAIN + ", tenant text NOT NULL");
    schema.execute("INSERT INTO $s.items VALUES (5, 'five', 1, 'us'), (6, 'six', 1, 'uk')");

    schema.load(spec(WriteStrategy.MERGE), ITEMS, "5 zwei 2");
    assertThatThrownBy(() -> schema.load(spec(WriteStrategy.MERGE), ITEMS, "6 x 3", "7 seven 3"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("The row with id 7 is new and can't be inserted: column tenant of ")
        .hasMessageContaining("ALTER COLUMN \"tenant\" SET DEFAULT …, or DROP NOT NULL");

    assertThat(rows("concat_ws(' ', id, name, at, tenant)"))
        .containsExactly("5 zwei 2 us", "6 six 1 uk");
  }

  @Test
  void replaceDropsWhatTheSourceHasNot() throws SQLException {
    create(
        WriteStrategy.REPLACE,
        "id integer, base integer, tenant text NOT NULL, first integer GENERATED ALWAYS AS (base)"
            + " STORED, at text, second text GENERATED ALWAYS AS (at || 'x') STORED");

    schema.load(spec(WriteStrategy.REPLACE), ITEMS, "5 five 1");

    assertThat(schema.columns("items"))
        .containsExactly("id integer NOT NULL", "at integer", "name character varying(20)");
    assertThat(rows("concat_ws(' ', id, name, at)")).containsExactly("5 five 1");
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteStrategy.class,
      names = {"APPEND", "MERGE", "DELETE_INSERT", "SCD2"})
  void aTriggerMayFillWhatNobodyElseDoes(WriteStrategy strategy) throws SQLException {
    create(strategy, "id integer, " + PLAIN + ", tenant text NOT NULL");
    schema.execute(
        "CREATE FUNCTION $s.fill() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.tenant ="
            + " 'filled'; RETURN NEW; END$$",
        "CREATE TRIGGER fill BEFORE INSERT ON $s.items FOR EACH ROW EXECUTE FUNCTION $s.fill()");

    schema.load(spec(strategy), ITEMS, "5 five 1");

    assertThat(rows("concat_ws(' ', id, name, tenant)")).containsExactly("5 five filled");
  }

  @Test
  void mergeUpdatesNoColumnThatIsAlwaysAnIdentity() throws SQLException {
    create(
        WriteStrategy.MERGE,
        "id integer, name varchar(20), at integer GENERATED ALWAYS AS IDENTITY");
    assertRefused(
        WriteStrategy.MERGE,
        ITEMS,
        "5 five 1",
        "Column at of " + schema.name() + ".items is GENERATED ALWAYS AS IDENTITY",
        "ALTER COLUMN \"at\" SET GENERATED BY DEFAULT");

    // The two ways out that the message names.
    schema.load(spec(WriteStrategy.MERGE), table(ID, NAME), "5 five");
    schema.execute("ALTER TABLE $s.items ALTER COLUMN \"at\" SET GENERATED BY DEFAULT");
    schema.load(spec(WriteStrategy.MERGE), ITEMS, "5 zwei 70", "6 six 80");
    assertThat(rows("concat_ws(' ', id, name, at)")).containsExactly("5 zwei 70", "6 six 80");
  }

  @ParameterizedTest
  @EnumSource
  void anIdentityIsWidenedAsFarAsItCanBe(WriteStrategy strategy) throws SQLException {
    create(strategy, "id integer GENERATED ALWAYS AS IDENTITY, " + PLAIN);
    TableSchema big = table(column("id", ColumnType.of(MysqlType.BIGINT), false), NAME, AT);
    TableSchema unsigned = table(column("id", ColumnType.decimal(20, 0), false), NAME, AT);

    schema.load(spec(strategy), big, "5000000000 five 1");
    assertThat(schema.columns("items").get(0)).isEqualTo("id bigint NOT NULL");
    assertThat(identities("id")).containsExactly("a");

    if (strategy == WriteStrategy.REPLACE) {
      schema.load(spec(strategy), unsigned, "18446744073709551615 max 1");
      assertThat(identities("id")).containsExactly("");
      assertThat(rows("id")).containsExactly("18446744073709551615");
    } else {
      Loader loader = schema.loader(spec(strategy));
      assertThatThrownBy(() -> TestSchema.stage(loader, unsigned, "18446744073709551615 max 1"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContainingAll(
              "Column id of " + schema.name() + ".items would have to become numeric(20,0)",
              "ALTER COLUMN \"id\" DROP IDENTITY");
      loader.release();
      assertThat(schema.tables()).containsExactly("_vitessbeam_published", "items");
      schema.execute("ALTER TABLE $s.items ALTER COLUMN \"id\" DROP IDENTITY");
      schema.load(spec(strategy), unsigned, "18446744073709551615 max 1");
      assertThat(rows("id")).contains("18446744073709551615");
    }
  }

  @Test
  void anIdentityThatMayBeNullInTheSourceIsNoneAnyMore() throws SQLException {
    create(
        WriteStrategy.REPLACE, "id integer, name varchar(20), at int GENERATED ALWAYS AS IDENTITY");

    schema.load(spec(WriteStrategy.REPLACE), ITEMS, "5 five -");

    assertThat(identities("at")).containsExactly("");
    assertThat(rows("concat_ws(' ', id, name, at)")).containsExactly("5 five");
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteStrategy.class,
      names = {"APPEND", "MERGE", "DELETE_INSERT", "SCD2"})
  void aColumnFromWhichOthersAreComputedKeepsItsType(WriteStrategy strategy) throws SQLException {
    create(
        strategy, "id integer, " + PLAIN + ", twice integer GENERATED ALWAYS AS (at * 2) STORED");
    TableSchema big = table(ID, NAME, column("at", ColumnType.of(MysqlType.BIGINT), true));

    assertRefused(
        strategy,
        big,
        "5 five 1",
        "Column at of " + schema.name() + ".items would have to become bigint",
        "its column twice is computed from it; drop that one");
  }
}
