package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.CommonType;
import io.vitessbeam.schema.IntegerRange;
import io.vitessbeam.schema.MysqlType;
import java.util.Optional;

/**
 * What {@link CommonType} is in MySQL, which would round or cut some values without a word, strict
 * mode or not. A column of numbers or times does not become text there: as such it would compare by
 * a collation; nor one of integers a DOUBLE, which compares only nearly.
 */
public final class TypeFit {

  private static final int MOST_DIGITS = 65;

  /** More characters than a double, a date or a time has. */
  private static final int PRINTED = 32;

  private TypeFit() {}

  /** Whether a target column takes values of a source's type as it is. */
  public static boolean takes(ColumnType target, ColumnType source) {
    return wider(target, source).filter(target::equals).isPresent();
  }

  /**
   * The type of the target column that takes its own values and the source's: its own one, or a
   * wider one; nothing if there is none.
   */
  static Optional<ColumnType> wider(ColumnType target, ColumnType source) {
    if (isText(target) && isText(source)) {
      return Optional.of(widerText(target, source));
    }
    if (isText(target)) {
      return printed(target, source);
    }
    if (isMoment(target) && isMoment(source) && target.base() != source.base()) {
      return CommonType.of(asDateTime(target), asDateTime(source));
    }
    if (isBytes(target) && isBytes(source)) {
      return Optional.of(widerBytes(target, source));
    }
    return CommonType.of(target, source)
        .filter(wider -> !isText(wider) || areTexts(target, source))
        .filter(wider -> wider.base() != MysqlType.DOUBLE || !IntegerRange.isOf(target))
        .filter(wider -> wider.base() != MysqlType.DECIMAL || wider.length() <= MOST_DIGITS);
  }

  /** Both are text, labels or JSON, which a column of text holds as they are printed. */
  private static boolean areTexts(ColumnType target, ColumnType source) {
    return isTextual(target) && isTextual(source);
  }

  private static boolean isTextual(ColumnType type) {
    return switch (type.base()) {
      case ENUM, SET, JSON -> true;
      default -> isText(type);
    };
  }

  private static boolean isText(ColumnType type) {
    return switch (type.base()) {
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT -> true;
      default -> false;
    };
  }

  private static boolean isBytes(ColumnType type) {
    return switch (type.base()) {
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB -> true;
      default -> false;
    };
  }

  /** TIMESTAMP and DATETIME print alike in sessions that run in UTC. */
  private static boolean isMoment(ColumnType type) {
    return switch (type.base()) {
      case DATE, DATETIME, TIMESTAMP -> true;
      default -> false;
    };
  }

  private static ColumnType asDateTime(ColumnType type) {
    return type.base() == MysqlType.TIMESTAMP
        ? ColumnType.temporal(MysqlType.DATETIME, type.scale())
        : type;
  }

  /** Text that has room for what MySQL prints; of a FLOAT it prints six digits, of bits bytes. */
  private static Optional<ColumnType> printed(ColumnType target, ColumnType source) {
    if (isTextual(source)) {
      return CommonType.of(target, source);
    }
    int characters =
        switch (source.base()) {
          case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR ->
              IntegerRange.of(source).digits() + 1;
          // A sign, a point, and the zero before it.
          case DECIMAL -> (int) source.length() + 3;
          case DOUBLE, DATE, DATETIME, TIMESTAMP, TIME -> PRINTED;
          default -> 0;
        };
    boolean fits = !isBounded(target.base()) || target.length() >= characters;
    return characters == 0
        ? Optional.empty()
        : Optional.of(fits ? target : ColumnType.of(MysqlType.VARCHAR, characters));
  }

  /**
   * Staged texts have the type after their source's, so that one step is no reason to change the
   * target; what doesn't fit then is refused. A CHAR cuts blanks at the end, which only another one
   * doesn't have.
   */
  private static ColumnType widerText(ColumnType target, ColumnType source) {
    boolean cut = target.base() == MysqlType.CHAR && source.base() != MysqlType.CHAR;
    ColumnType own = cut ? ColumnType.of(MysqlType.VARCHAR, target.length()) : target;
    if (isBounded(own.base()) && isBounded(source.base())) {
      return own.length() >= source.length()
          ? own
          : ColumnType.of(MysqlType.VARCHAR, source.length());
    }
    int step = rank(source.base()) - rank(own.base());
    return step <= 1 ? own : ColumnType.of(source.base());
  }

  private static boolean isBounded(MysqlType type) {
    return switch (type) {
      case CHAR, VARCHAR, BINARY, VARBINARY -> true;
      default -> false;
    };
  }

  private static int rank(MysqlType type) {
    return switch (type) {
      case CHAR, BINARY -> 0;
      case VARCHAR, VARBINARY, TINYTEXT, TINYBLOB -> 1;
      case TEXT, BLOB -> 2;
      case MEDIUMTEXT, MEDIUMBLOB -> 3;
      default -> 4;
    };
  }

  private static ColumnType widerBytes(ColumnType target, ColumnType source) {
    if (target.base() == MysqlType.BINARY
        && (source.base() != MysqlType.BINARY || source.length() != target.length())) {
      // It would pad the values with zeros.
      return isBounded(source.base())
          ? ColumnType.of(MysqlType.VARBINARY, Math.max(source.length(), target.length()))
          : source;
    }
    if (isBounded(target.base()) && isBounded(source.base())) {
      return target.length() >= source.length() ? target : source;
    }
    return rank(target.base()) >= rank(source.base())
            || (isBounded(source.base()) && source.length() <= 255 && rank(target.base()) > 1)
        ? target
        : source;
  }
}
