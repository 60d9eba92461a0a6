package io.vitessbeam.schema;

import java.util.Locale;
import java.util.function.Function;

/**
 * The type table: one row binds a MySQL type to its Beam field type and decoder, to the column type
 * it gets in DuckDB and to the way its values order a key. Adding a type is adding a row.
 *
 * <p>Decoders read the text that vtgate sends in the OLAP workload and in a VStream; where the two
 * print a value differently (leading zeros, {@code .5}, {@code 1E-01}) both forms are accepted.
 */
public enum MysqlType {
  TINYINT(BeamBindings::tinyInt, DuckDbTypes.integer("TINYINT"), KeyOrder.NUMBER),
  SMALLINT(BeamBindings::smallInt, DuckDbTypes.integer("SMALLINT"), KeyOrder.NUMBER),
  MEDIUMINT(BeamBindings::mediumInt, DuckDbTypes.integer("INTEGER"), KeyOrder.NUMBER),
  INT(BeamBindings::integer, DuckDbTypes.integer("INTEGER"), KeyOrder.NUMBER),
  BIGINT(BeamBindings::bigInt, DuckDbTypes.integer("BIGINT"), KeyOrder.NUMBER),
  DECIMAL(BeamBindings::decimal, DuckDbTypes::decimal, KeyOrder.NUMBER),
  FLOAT(BeamBindings::singleFloat, DuckDbTypes.always("FLOAT"), KeyOrder.NONE),
  DOUBLE(BeamBindings::doubleFloat, DuckDbTypes.always("DOUBLE"), KeyOrder.NONE),
  BIT(BeamBindings::bytes, DuckDbTypes.always("UBIGINT"), KeyOrder.NONE),
  DATE(BeamBindings::date, DuckDbTypes.always("DATE"), KeyOrder.QUOTED),
  DATETIME(BeamBindings::dateTime, DuckDbTypes.always("TIMESTAMP"), KeyOrder.QUOTED),
  TIMESTAMP(BeamBindings::timestamp, DuckDbTypes.always("TIMESTAMPTZ"), KeyOrder.QUOTED),
  TIME(BeamBindings::time, DuckDbTypes.always("INTERVAL"), KeyOrder.NONE),
  YEAR(BeamBindings::year, DuckDbTypes.always("SMALLINT"), KeyOrder.NONE),
  CHAR(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.TEXT),
  VARCHAR(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.TEXT),
  TINYTEXT(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.NONE),
  TEXT(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.NONE),
  MEDIUMTEXT(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.NONE),
  LONGTEXT(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.NONE),
  BINARY(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.BYTES),
  VARBINARY(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.BYTES),
  TINYBLOB(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.NONE),
  BLOB(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.NONE),
  MEDIUMBLOB(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.NONE),
  LONGBLOB(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.NONE),
  // An ENUM sorts by its index and compares with a literal by its label: no key ranges over it.
  ENUM(BeamBindings::enumeration, DuckDbTypes.always("VARCHAR"), KeyOrder.NONE),
  SET(BeamBindings::text, DuckDbTypes.always("VARCHAR"), KeyOrder.NONE),
  JSON(BeamBindings::json, DuckDbTypes.always("JSON"), KeyOrder.NONE),
  GEOMETRY(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.NONE),
  VECTOR(BeamBindings::bytes, DuckDbTypes.always("BLOB"), KeyOrder.NONE);

  // Functions without state, which Error Prone can't see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<ColumnType, BeamValue> beam;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<ColumnType, String> duckDb;

  private final KeyOrder keyOrder;

  MysqlType(
      Function<ColumnType, BeamValue> beam,
      Function<ColumnType, String> duckDb,
      KeyOrder keyOrder) {
    this.beam = beam;
    this.duckDb = duckDb;
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
