package io.vitessbeam.write;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.List;

/**
 * What an interval holds that delete+insert replaces: a case. A row is named after its value:
 * {@code 1 there} was in the table, {@code 1 new} came with the load.
 *
 * @param before type of the column whose values are there
 * @param type of the column in the source
 * @param rows names of the rows in the end, in any order; or why the load is refused
 */
record IntervalCase(
    String name,
    ColumnType before,
    List<String> there,
    ColumnType type,
    String from,
    String to,
    List<String> comes,
    List<String> rows) {

  private static final ColumnType INT = ColumnType.of(MysqlType.INT);
  private static final ColumnType BIGINT = ColumnType.of(MysqlType.BIGINT);
  private static final ColumnType CENTS = ColumnType.decimal(10, 2);
  private static final ColumnType LONG_DECIMAL = ColumnType.decimal(65, 30);
  private static final ColumnType DOUBLE = ColumnType.of(MysqlType.DOUBLE);
  private static final ColumnType FLOAT = ColumnType.of(MysqlType.FLOAT);
  private static final ColumnType DATE = ColumnType.of(MysqlType.DATE);
  private static final ColumnType SECONDS = ColumnType.temporal(MysqlType.DATETIME, 0);
  private static final ColumnType MICROS = ColumnType.temporal(MysqlType.DATETIME, 6);
  private static final ColumnType INSTANT = ColumnType.temporal(MysqlType.TIMESTAMP, 6);
  private static final ColumnType TIME = ColumnType.temporal(MysqlType.TIME, 6);
  private static final ColumnType TEXT = ColumnType.of(MysqlType.VARCHAR, 50);
  private static final ColumnType BYTES = ColumnType.of(MysqlType.VARBINARY, 50);
  private static final String NONE = "";

  static final List<IntervalCase> ALL =
      List.of(
          new IntervalCase(
              "bounds finer than a decimal",
              CENTS,
              List.of("1.00", "1.01", "1.99", "2.00"),
              CENTS,
              "1.004",
              "1.999",
              List.of("1.50"),
              List.of("1.00 there", "2.00 there", "1.50 new")),
          new IntervalCase(
              "bounds finer than an integer",
              INT,
              List.of("-2", "-1", "1", "2"),
              INT,
              "-1.5",
              "+1.5",
              List.of("0"),
              List.of("-2 there", "2 there", "0 new")),
          new IntervalCase(
              "bounds beyond an integer",
              INT,
              List.of("-2147483648", "2147483647"),
              INT,
              "-99999999999999999999999999999999999999999",
              "99999999999999999999999999999999999999999",
              List.of("7"),
              List.of("7 new")),
          new IntervalCase(
              "an interval beyond all integers",
              INT,
              List.of("2147483647"),
              INT,
              "99999999999999999999999999999999999999999",
              NONE,
              List.of(),
              List.of("2147483647 there")),
          new IntervalCase(
              "integers that are large",
              ColumnType.unsigned(MysqlType.BIGINT),
              List.of("18446744073709551613", "18446744073709551614", "18446744073709551615"),
              ColumnType.unsigned(MysqlType.BIGINT),
              "18446744073709551613.5",
              "18446744073709551614",
              List.of(),
              List.of("18446744073709551613 there", "18446744073709551615 there")),
          new IntervalCase(
              "long decimals, covered",
              LONG_DECIMAL,
              List.of("5", "9", "9.5", "10.000", "11", "-10"),
              LONG_DECIMAL,
              NONE,
              NONE,
              List.of("9", "10"),
              List.of("5 there", "11 there", "-10 there", "9 new", "10 new")),
          new IntervalCase(
              "long decimals, given",
              LONG_DECIMAL,
              List.of("-10", "-9", "5", "9.0000000000000000001"),
              LONG_DECIMAL,
              "-9.5",
              "9.00000000000000000000001",
              List.of("-9.5"),
              List.of("-10 there", "9.0000000000000000001 there", "-9.5 new")),
          new IntervalCase(
              "doubles",
              DOUBLE,
              List.of("0.09", "0.1", "0.2", "1e30"),
              DOUBLE,
              "0.1",
              "0.2",
              List.of("0.15"),
              List.of("0.09 there", "1e30 there", "0.15 new")),
          new IntervalCase(
              "floats are as far from a decimal as they are",
              FLOAT,
              List.of("0.1", "0.2"),
              FLOAT,
              "0.1",
              "0.2",
              List.of(),
              List.of("0.2 there")),
          new IntervalCase(
              "days and times of a day",
              DATE,
              List.of("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"),
              DATE,
              "2024-01-01 12:00",
              "2024-01-03",
              List.of("2024-01-03"),
              List.of("2024-01-01 there", "2024-01-04 there", "2024-01-03 new")),
          new IntervalCase(
              "bounds finer than seconds",
              SECONDS,
              List.of("2024-01-01 00:00:00", "2024-01-01 00:00:01", "2024-01-01 00:00:02"),
              SECONDS,
              "2024-01-01T00:00:00.5",
              "2024-01-01 00:00:01.999999",
              List.of(),
              List.of("2024-01-01 00:00:00 there", "2024-01-01 00:00:02 there")),
          new IntervalCase(
              "bounds finer than microseconds",
              MICROS,
              List.of(
                  "2024-01-01 00:00:00.000001",
                  "2024-01-01 00:00:00.000002",
                  "2024-01-01 00:00:00.000003"),
              MICROS,
              "2024-01-01 00:00:00.0000015",
              "2024-01-01 00:00:00.0000029",
              List.of(),
              List.of("2024-01-01 00:00:00.000001 there", "2024-01-01 00:00:00.000003 there")),
          new IntervalCase(
              "instants",
              INSTANT,
              List.of("2024-01-01 00:00:00", "2024-01-01 05:00:00", "2024-01-02 00:00:00"),
              INSTANT,
              "2024-01-01 04:59:59.9",
              "2024-01-01 23:59:59",
              List.of("2024-01-01 12:00:00"),
              List.of(
                  "2024-01-01 00:00:00 there",
                  "2024-01-02 00:00:00 there",
                  "2024-01-01 12:00:00 new")),
          new IntervalCase(
              "days come into a column of times",
              MICROS,
              List.of("2024-01-01 00:00:00", "2024-01-01 12:00:00", "2024-01-02 00:00:01"),
              DATE,
              "2024-01-01 06:00:00",
              "2024-01-02",
              List.of("2024-01-02"),
              List.of("2024-01-01 00:00:00 there", "2024-01-02 00:00:01 there", "2024-01-02 new")),
          new IntervalCase(
              "times, negative and longer than a day",
              TIME,
              List.of("-01:00:00", "-00:00:00.000001", "23:00:00", "25:00:00", "100:00:00"),
              TIME,
              "-00:30:00",
              "99:59:59.9999999",
              List.of("24:00:00"),
              List.of("-01:00:00 there", "100:00:00 there", "24:00:00 new")),
          new IntervalCase(
              "text, byte by byte",
              TEXT,
              List.of("A", "B", "a", "a ", "b", "ä"),
              TEXT,
              "B",
              "a",
              List.of("Z"),
              List.of("A there", "a  there", "b there", "ä there", "Z new")),
          new IntervalCase(
              "text, covered",
              TEXT,
              List.of("A", "B", "a", "b"),
              TEXT,
              NONE,
              NONE,
              List.of("B", "_"),
              List.of("A there", "a there", "b there", "B new", "_ new")),
          new IntervalCase(
              "text with quotes and backslashes",
              TEXT,
              List.of("it's", "a\\b", "z"),
              TEXT,
              "a\\b",
              "it's",
              List.of(),
              List.of("z there")),
          new IntervalCase(
              "bytes",
              BYTES,
              List.of("A", "B", "a", "b", "é"),
              BYTES,
              "B",
              "a",
              List.of("a"),
              List.of("A there", "b there", "é there", "a new")),
          new IntervalCase(
              "numbers come into a text, covered",
              TEXT,
              List.of("5", "9", "10", "11"),
              BIGINT,
              NONE,
              NONE,
              List.of("9", "10"),
              List.of("5 there", "11 there", "9 new", "10 new")),
          new IntervalCase(
              "numbers come into a text, given",
              TEXT,
              List.of("5", "9", "10", "100"),
              BIGINT,
              "9",
              "99.5",
              List.of("20"),
              List.of("5 there", "100 there", "20 new")),
          new IntervalCase(
              "numbers come into a text that holds others",
              TEXT,
              List.of("5", "nine"),
              BIGINT,
              NONE,
              NONE,
              List.of("5"),
              List.of("holds 'nine'")),
          new IntervalCase(
              "days come into a text",
              TEXT,
              List.of("2024-01-01", "2024-01-02 00:00:00", "2024-01-03"),
              DATE,
              "2024-01-01 12:00",
              "2024-01-02",
              List.of(),
              List.of("2024-01-01 there", "2024-01-03 there")),
          new IntervalCase(
              "a text of days that is none",
              TEXT,
              List.of("2024-01-01", "yesterday"),
              DATE,
              "2024-01-01",
              NONE,
              List.of(),
              List.of("holds 'yesterday'")),
          new IntervalCase(
              "no number",
              INT,
              List.of("1"),
              INT,
              "x",
              NONE,
              List.of("1"),
              List.of("'x' is no value of the incremental key v")),
          new IntervalCase(
              "no day",
              DATE,
              List.of("2024-01-01"),
              DATE,
              NONE,
              "2024-02-31",
              List.of("2024-01-01"),
              List.of("'2024-02-31' is no value of the incremental key v")),
          new IntervalCase(
              "a number is no moment",
              SECONDS,
              List.of("2024-01-01 00:00:00"),
              SECONDS,
              "20240101",
              NONE,
              List.of(),
              List.of("'20240101' is no value of the incremental key v")),
          new IntervalCase(
              "a row is outside",
              CENTS,
              List.of("1.00"),
              CENTS,
              "1.004",
              NONE,
              List.of("1.00"),
              List.of("outside")));

  @Override
  public String toString() {
    return name;
  }
}
