package io.vitessbeam.write.adapt;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.load.UnfitValueException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Random;

/** Days that are near the one that they were, or less exact. Texts as MySQL prints them. */
final class DateMasks {

  private static final int DAY = "2024-01-31".length();
  private static final int MONTH = "2024-01".length();

  /** What TIMESTAMP holds on its first and its last whole day, and all other types too. */
  private static final LocalDate FIRST = LocalDate.of(1970, 1, 2);

  private static final LocalDate LAST = LocalDate.of(2038, 1, 18);
  private static final LocalDate LAST_OF_ALL = LocalDate.of(9999, 12, 31);
  private static final LocalDate FIRST_OF_ALL = LocalDate.of(0, 1, 1);

  private DateMasks() {}

  static String year(String value) {
    return Integer.toString(day(value).getYear());
  }

  static String month(String value) {
    day(value);
    return value.substring(0, MONTH);
  }

  /** Some days before or after, the time of day stays; back again where the type ends. */
  static String shift(ColumnType type, String value, int days, Random random) {
    LocalDate day = day(value);
    int by = random.nextInt(2 * days + 1) - days;
    boolean narrow = type.base() == MysqlType.TIMESTAMP;
    LocalDate shifted = day.plusDays(by);
    if (shifted.isAfter(narrow ? LAST : LAST_OF_ALL)
        || shifted.isBefore(narrow ? FIRST : FIRST_OF_ALL)) {
      shifted = day.minusDays(by);
    }
    return shifted + value.substring(DAY);
  }

  /** Any day that every type holds. */
  static String random(ColumnType type, Random random) {
    int days = (int) (LAST.toEpochDay() - FIRST.toEpochDay());
    LocalDate day = FIRST.plusDays(random.nextInt(days + 1));
    return type.base() == MysqlType.DATE ? day.toString() : day + " 00:00:00";
  }

  private static LocalDate day(String value) {
    try {
      return LocalDate.parse(value.substring(0, DAY));
    } catch (DateTimeException | StringIndexOutOfBoundsException e) {
      throw new UnfitValueException("is no day, which its mask needs");
    }
  }
}
