package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.List;
import java.util.Optional;

/**
 * Whether a column takes the values of another type unchanged, or refuses those that it can't. What
 * MySQL would round or cut without a word, strict mode or not, doesn't fit.
 */
final class TypeFit {

  private enum Family {
    INTEGER,
    DECIMAL,
    FLOAT,
    MOMENT,
    TIME,
    TEXT,
    BYTES,
    LABEL,
    OTHER
  }

  private TypeFit() {}

  /** Whether a target column takes values of a source's type as it is. */
  static boolean takes(ColumnType target, ColumnType source) {
    return wider(target, source).filter(target::equals).isPresent();
  }

  /**
   * The type of the target column that takes its own values and the source's: its own one, or a
   * wider one; nothing if there is none.
   */
  static Optional<ColumnType> wider(ColumnType target, ColumnType source) {
    Family to = family(target.base());
    Family from = family(source.base());
    if (to == Family.TEXT && from != Family.BYTES) {
      // Everything has a text, and MySQL refuses those that are too long.
      return Optional.of(from == Family.TEXT ? widerText(target, source) : target);
    }
    if (from == Family.TEXT && (to == Family.LABEL || target.base() == MysqlType.JSON)) {
      return Optional.of(target);
    }
    return switch (to) {
      case INTEGER -> widerInteger(target, source, from);
      case DECIMAL ->
          from == Family.DECIMAL || from == Family.INTEGER
              ? Optional.of(widerDecimal(target, source))
              : Optional.empty();
      case FLOAT -> widerFloat(target, source, from);
      case MOMENT ->
          from == Family.MOMENT ? Optional.of(widerMoment(target, source)) : Optional.empty();
      case TIME ->
          from == Family.TIME
              ? Optional.of(target.scale() >= source.scale() ? target : source)
              : Optional.empty();
      case BYTES ->
          from == Family.BYTES ? Optional.of(widerBytes(target, source)) : Optional.empty();
      case LABEL -> widerLabel(target, source);
      case TEXT -> Optional.empty();
      case OTHER -> widerOther(target, source);
    };
  }

  private static Family family(MysqlType type) {
    return switch (type) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR -> Family.INTEGER;
      case DECIMAL -> Family.DECIMAL;
      case FLOAT, DOUBLE -> Family.FLOAT;
      case DATE, DATETIME, TIMESTAMP -> Family.MOMENT;
      case TIME -> Family.TIME;
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT -> Family.TEXT;
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB -> Family.BYTES;
      case ENUM, SET -> Family.LABEL;
      case BIT, JSON, GEOMETRY, VECTOR -> Family.OTHER;
    };
  }

  private static Optional<ColumnType> widerInteger(
      ColumnType target, ColumnType source, Family from) {
    if (target.base() == MysqlType.YEAR) {
      return source.base() == MysqlType.YEAR ? Optional.of(target) : Optional.empty();
    }
    if (from == Family.DECIMAL) {
      return Optional.of(widerDecimal(asDecimal(target), source));
    }
    if (from != Family.INTEGER) {
      return Optional.empty();
    }
    ColumnType number =
        source.base() == MysqlType.YEAR ? ColumnType.unsigned(MysqlType.SMALLINT) : source;
    int targetBytes = bytes(target.base());
    int sourceBytes = bytes(number.base());
    if (target.unsigned() == number.unsigned()) {
      return Optional.of(targetBytes >= sourceBytes ? target : number);
    }
    if (target.unsigned()) {
      // It has to become signed, and to keep what it can hold now.
      return Optional.of(signed(Math.max(targetBytes + 1, sourceBytes)));
    }
    return Optional.of(targetBytes > sourceBytes ? target : signed(sourceBytes + 1));
  }

  private static ColumnType signed(int bytes) {
    return bytes > 8
        ? ColumnType.decimal(20, 0)
        : ColumnType.of(
            bytes <= 1
                ? MysqlType.TINYINT
                : bytes == 2
                    ? MysqlType.SMALLINT
                    : bytes == 3
                        ? MysqlType.MEDIUMINT
                        : bytes == 4 ? MysqlType.INT : MysqlType.BIGINT);
  }

  private static int bytes(MysqlType integer) {
    return switch (integer) {
      case TINYINT -> 1;
      case SMALLINT -> 2;
      case MEDIUMINT -> 3;
      case INT -> 4;
      default -> 8;
    };
  }

  private static ColumnType asDecimal(ColumnType type) {
    if (type.base() == MysqlType.DECIMAL) {
      return type;
    }
    int digits =
        switch (bytes(type.base())) {
          case 1 -> 3;
          case 2 -> 5;
          case 3 -> 8;
          case 4 -> 10;
          default -> 20;
        };
    return ColumnType.decimal(digits, 0);
  }

  private static ColumnType widerDecimal(ColumnType target, ColumnType source) {
    ColumnType other = asDecimal(source);
    long whole = Math.max(target.length() - target.scale(), other.length() - other.scale());
    int scale = Math.max(target.scale(), other.scale());
    boolean unsigned = target.unsigned() && source.unsigned();
    if (target.base() == MysqlType.DECIMAL
        && whole + scale == target.length()
        && scale == target.scale()
        && unsigned == target.unsigned()) {
      return target;
    }
    // 65 digits are the most; a value that has more before the point is refused.
    int digits = (int) Math.min(65, whole + scale);
    return new ColumnType(MysqlType.DECIMAL, unsigned, digits, scale, List.of(), false);
  }

  private static Optional<ColumnType> widerFloat(
      ColumnType target, ColumnType source, Family from) {
    boolean exactInDouble =
        from == Family.FLOAT || (from == Family.INTEGER && bytes(source.base()) <= 4);
    if (!exactInDouble) {
      return Optional.empty();
    }
    boolean exact =
        (target.base() == MysqlType.DOUBLE || source.base() == MysqlType.FLOAT)
            && (!target.unsigned() || source.unsigned());
    return Optional.of(exact ? target : ColumnType.of(MysqlType.DOUBLE));
  }

  private static ColumnType widerMoment(ColumnType target, ColumnType source) {
    if (source.base() == MysqlType.DATE && target.base() == MysqlType.DATETIME) {
      return target;
    }
    if (target.base() == source.base()) {
      return target.scale() >= source.scale() ? target : source;
    }
    boolean fits = target.base() == MysqlType.DATETIME && target.scale() >= source.scale();
    return fits
        ? target
        : ColumnType.temporal(MysqlType.DATETIME, Math.max(target.scale(), source.scale()));
  }

  /**
   * Staged texts have the type after their source's, so that one step is no reason to change the
   * target; what doesn't fit then is refused.
   */
  private static ColumnType widerText(ColumnType target, ColumnType source) {
    boolean bounded = isBounded(target.base()) && isBounded(source.base());
    if (bounded) {
      return target.length() >= source.length()
          ? target
          : ColumnType.of(MysqlType.VARCHAR, source.length());
    }
    int step = rank(source.base()) - rank(target.base());
    return step <= 1 ? target : ColumnType.of(source.base());
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

  private static Optional<ColumnType> widerLabel(ColumnType target, ColumnType source) {
    if (target.base() != source.base()) {
      return Optional.empty();
    }
    if (target.labels().containsAll(source.labels())) {
      return Optional.of(target);
    }
    List<String> labels =
        java.util.stream.Stream.concat(target.labels().stream(), source.labels().stream())
            .distinct()
            .toList();
    return Optional.of(ColumnType.labelled(target.base(), labels));
  }

  private static Optional<ColumnType> widerOther(ColumnType target, ColumnType source) {
    if (target.base() != source.base()) {
      return Optional.empty();
    }
    return Optional.of(
        target.base() == MysqlType.BIT && source.length() > target.length() ? source : target);
  }
}
