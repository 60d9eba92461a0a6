package io.vitessbeam.schema;

import java.util.Locale;
import java.util.function.Function;

/**
 * The type table: one row binds a MySQL type to its Beam field type and decoder, to the column type
 * it gets in DuckDB and in PostgreSQL, and to the way its values order a key. Adding a type is
 * adding a row.
 *
 * <p>Decoders read the text that vtgate sends in the OLAP workload and in a VStream; where the two
 * print a value differently (leading zeros, {@code .5}, {@code 1E-01}) both forms are accepted.
 */
public enum MysqlType {
  TINYINT(
      BeamBindings::tinyInt,
      DuckDbTypes.integer("TINYINT"),
      PostgresqlColumnTypes::tinyInt,
      KeyOrder.NUMBER),
  SMALLINT(
      BeamBindings::smallInt,
      DuckDbTypes.integer("SMALLINT"),
      PostgresqlColumnTypes.integer("smallint", "integer"),
      KeyOrder.NUMBER),
  MEDIUMINT(
      BeamBindings::mediumInt,
      DuckDbTypes.integer("INTEGER"),
      PostgresqlColumnTypes.always("integer"),
      KeyOrder.NUMBER),
  INT(
      BeamBindings::integer,
      DuckDbTypes.integer("INTEGER"),
      PostgresqlColumnTypes.integer("integer", "bigint"),
      KeyOrder.NUMBER),
  BIGINT(
      BeamBindings::bigInt,
      DuckDbTypes.integer("BIGINT"),
      PostgresqlColumnTypes.integer("bigint", "numeric(20,0)"),
      KeyOrder.NUMBER),
  DECIMAL(
      BeamBindings::decimal, DuckDbTypes::decimal, PostgresqlColumnTypes::decimal, KeyOrder.NUMBER),
  FLOAT(
      BeamBindings::singleFloat,
      DuckDbTypes.always("FLOAT"),
      PostgresqlColumnTypes.always("real"),
      KeyOrder.NONE),
  DOUBLE(
      BeamBindings::doubleFloat,
      DuckDbTypes.always("DOUBLE"),
      PostgresqlColumnTypes.always("double precision"),
      KeyOrder.NONE),
  BIT(
      BeamBindings::bytes,
      DuckDbTypes.always("UBIGINT"),
      PostgresqlColumnTypes::bit,
      KeyOrder.NONE),
  DATE(
      BeamBindings::date,
      DuckDbTypes.always("DATE"),
      PostgresqlColumnTypes.always("date"),
      KeyOrder.QUOTED),
  DATETIME(
      BeamBindings::dateTime,
      DuckDbTypes.always("TIMESTAMP"),
      PostgresqlColumnTypes::dateTime,
      KeyOrder.QUOTED),
  TIMESTAMP(
      BeamBindings::timestamp,
      DuckDbTypes.always("TIMESTAMPTZ"),
      PostgresqlColumnTypes::timestamp,
      KeyOrder.QUOTED),
  TIME(
      BeamBindings::time,
      DuckDbTypes.always("INTERVAL"),
      PostgresqlColumnTypes.always("interval"),
      KeyOrder.NONE),
  YEAR(
      BeamBindings::year,
      DuckDbTypes.always("SMALLINT"),
      PostgresqlColumnTypes.always("smallint"),
      KeyOrder.NONE),
  CHAR(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes::character,
      KeyOrder.TEXT),
  VARCHAR(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes::character,
      KeyOrder.TEXT),
  TINYTEXT(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes.always("text"),
      KeyOrder.NONE),
  TEXT(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes.always("text"),
      KeyOrder.NONE),
  MEDIUMTEXT(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes.always("text"),
      KeyOrder.NONE),
  LONGTEXT(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes.always("text"),
      KeyOrder.NONE),
  BINARY(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.BYTES),
  VARBINARY(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.BYTES),
  TINYBLOB(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.NONE),
  BLOB(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.NONE),
  MEDIUMBLOB(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.NONE),
  LONGBLOB(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.NONE),
  // An ENUM sorts by its index and compares with a literal by its label: no key ranges over it.
  ENUM(
      BeamBindings::enumeration,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes.always("text"),
      KeyOrder.NONE),
  SET(
      BeamBindings::text,
      DuckDbTypes.always("VARCHAR"),
      PostgresqlColumnTypes.always("text"),
      KeyOrder.NONE),
  JSON(
      BeamBindings::json,
      DuckDbTypes.always("JSON"),
      PostgresqlColumnTypes.always("json"),
      KeyOrder.NONE),
  GEOMETRY(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.NONE),
  VECTOR(
      BeamBindings::bytes,
      DuckDbTypes.always("BLOB"),
      PostgresqlColumnTypes.always("bytea"),
      KeyOrder.NONE);

  // Functions without state, which Error Prone can't see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<ColumnType, BeamValue> beam;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<ColumnType, String> duckDb;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<ColumnType, String> postgresql;

  private final KeyOrder keyOrder;

  MysqlType(
      Function<ColumnType, BeamValue> beam,
      Function<ColumnType, String> duckDb,
      Function<ColumnType, String> postgresql,
      KeyOrder keyOrder) {
    this.beam = beam;
    this.duckDb = duckDb;
    this.postgresql = postgresql;
    this.keyOrder = keyOrder;
  }

  /** The Beam field type of a column and the decoder of its values. */
  public BeamValue beam(ColumnType type) {
    return beam.apply(type);
  }

  /** The type of the column in DuckDB. */
  public String duckDb(ColumnType type) {
    return duckDb.apply(type);
  }

  /** The type of the column in PostgreSQL, as its function {@code format_type} spells it. */
  public String postgresql(ColumnType type) {
    return postgresql.apply(type);
  }

  public KeyOrder keyOrder() {
    return keyOrder;
  }

  /**
   * The row of a type's name as {@code information_schema.COLUMNS.DATA_TYPE} spells it.
   *
   * @throws IllegalArgumentException for a name that is not in the table
   */
  public static MysqlType named(String dataType) {
    String name = dataType.toUpperCase(Locale.ROOT);
    return switch (name) {
      case "INTEGER" -> INT;
      case "POINT",
          "LINESTRING",
          "POLYGON",
          "MULTIPOINT",
          "MULTILINESTRING",
          "MULTIPOLYGON",
          "GEOMETRYCOLLECTION",
          "GEOMCOLLECTION" ->
          GEOMETRY;
      default -> valueOf(name);
    };
  }
}
