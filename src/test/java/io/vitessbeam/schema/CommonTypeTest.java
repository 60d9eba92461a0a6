package io.vitessbeam.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of what a column becomes by the values that come; a dash for what is refused. */
class CommonTypeTest {

  private static final Pattern FORM = Pattern.compile("(\\w+)(?:\\(([^)]*)\\))?( unsigned)?");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          truth | tinyint | tinyint
          tinyint | truth | tinyint
          truth | double | longtext
          tinyint | tinyint unsigned | smallint
          int unsigned | int | bigint
          int unsigned | tinyint | bigint
          bigint | int unsigned | bigint
          bigint | bigint unsigned | decimal(20,0)
          mediumint unsigned | year | mediumint unsigned
          year | tinyint unsigned | smallint
          year | year | year
          bit(8) | tinyint unsigned | bit(8)
          bit(8) | tinyint | smallint
          bit(64) | bigint unsigned | bit(64)
          int | decimal(6,4) | decimal(14,4)
          bigint | decimal(20,3) | decimal(22,3)
          decimal(10,2) | decimal(6,4) | decimal(12,4)
          decimal(10,2) | tinyint | decimal(10,2)
          decimal(10,2) unsigned | decimal(8,2) unsigned | decimal(10,2) unsigned
          decimal(10,2) unsigned | decimal(8,2) | decimal(10,2)
          decimal(65,30) | decimal(65,0) | decimal(95,30)
          float | double | double
          float | smallint | double
          double | int unsigned | double
          double | bigint | longtext
          double | decimal(5,0) | longtext
          float unsigned | float | float
          date | datetime | datetime
          datetime(6) | date | datetime(6)
          datetime | datetime(3) | datetime(3)
          datetime(6) | timestamp | longtext
          timestamp(3) | timestamp(6) | timestamp(6)
          time(6) | time | time(6)
          time | datetime | longtext
          char(5) | char(3) | char(5)
          char(5) | varchar(3) | varchar(5)
          char(5) | enum(a;b) | char(5)
          varchar(3) | char(5) | varchar(5)
          varchar(9) | varchar(5) | varchar(9)
          varchar(9) | tinytext | tinytext
          tinytext | varchar(63) | tinytext
          tinytext | varchar(64) | varchar(255)
          text | varchar(16383) | text
          text | mediumtext | mediumtext
          varchar(9) | varchar | varchar
          varchar(9) | int | longtext
          longtext | int | longtext
          int | text | longtext
          enum(a;b) | enum(b) | enum(a;b)
          enum(a;b) | enum(c;a) | enum(a;b;c)
          enum(a;b) | enum(?) | varchar(1)
          enum(a;b) | set(a;b) | varchar(4)
          enum(a;b) | varchar(5) | varchar(5)
          set(a;b) | set(b) | set(a;b)
          set(a;b) | set(b;c) | set(a;b;c)
          set(a;b) | set(b;a) | varchar(4)
          json | json | json
          json | text | longtext
          longtext | json | longtext
          json | int | longtext
          text | blob | -
          varbinary(3) | char(3) | -
          int | varbinary(3) | -
          longblob | json | -
          binary(3) | binary(3) | binary(3)
          binary(3) | binary(4) | varbinary(4)
          varbinary(5) | binary(3) | varbinary(5)
          varbinary(300) | tinyblob | varbinary(300)
          tinyblob | blob | blob
          blob | geometry | longblob
          geometry | geometry | geometry
          """)
  void holdsTheValuesOfBoth(String column, String values, String common) {
    assertThat(CommonType.of(type(column), type(values)))
        .isEqualTo(common.equals("-") ? Optional.empty() : Optional.of(type(common)));
    assertThat(CommonType.holds(type(column), type(values))).isEqualTo(column.equals(common));
  }

  @Test
  void theCommonTypeIsOneOfBothWhicheverIsThere() {
    List<ColumnType> types =
        Stream.of(
                "truth",
                "tinyint",
                "bigint unsigned",
                "year",
                "bit(9)",
                "decimal(10,2)",
                "decimal(65,30) unsigned",
                "float",
                "double unsigned",
                "date",
                "datetime(3)",
                "timestamp",
                "time(2)",
                "char(4)",
                "varchar(4)",
                "varchar",
                "tinytext",
                "longtext",
                "enum(b;a)",
                "set(b;a)",
                "set(a;c)",
                "json",
                "binary(3)",
                "varbinary(9)",
                "blob",
                "geometry",
                "vector(8)")
            .map(CommonTypeTest::type)
            .toList();
    for (ColumnType a : types) {
      for (ColumnType b : types) {
        Optional<ColumnType> common = CommonType.of(a, b);
        assertThat(CommonType.of(b, a).isPresent()).isEqualTo(common.isPresent());
        common.ifPresent(
            type -> {
              assertThat(CommonType.holds(type, a)).as("%s in %s", a, type).isTrue();
              assertThat(CommonType.holds(type, b)).as("%s in %s", b, type).isTrue();
            });
      }
    }
  }

  /** {@code decimal(10,2) unsigned}, {@code enum(a;b)}. */
  private static ColumnType type(String text) {
    if (text.equals("truth")) {
      return ColumnType.truth();
    }
    Matcher form = FORM.matcher(text);
    assertThat(form.matches()).as(text).isTrue();
    MysqlType base = MysqlType.valueOf(form.group(1).toUpperCase(Locale.ROOT));
    String size = form.group(2) == null ? "" : form.group(2);
    if (base == MysqlType.ENUM || base == MysqlType.SET) {
      return ColumnType.labelled(base, List.of(size.split(";", -1)));
    }
    List<Integer> numbers =
        size.isEmpty() ? List.of() : Stream.of(size.split(",", -1)).map(Integer::valueOf).toList();
    boolean temporal =
        base == MysqlType.DATETIME || base == MysqlType.TIMESTAMP || base == MysqlType.TIME;
    int first = numbers.isEmpty() ? 0 : numbers.get(0);
    return new ColumnType(
        base,
        form.group(3) != null,
        temporal ? 0 : first,
        numbers.size() > 1 ? numbers.get(1) : temporal ? first : 0,
        List.of(),
        false);
  }
}
