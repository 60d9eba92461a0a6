package io.vitessbeam.schema;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The type that holds the values of two, each as it is: the one answer to what a column takes. How
 * a destination calls it, and where its own types do less, is said where that destination is.
 *
 * <p>Whatever has a text goes into text at last. Bytes are no text: which text they were, nobody
 * knows.
 */
public final class CommonType {

  /** What values are, whatever their size. */
  private enum Kind {
    INTEGER,
    DECIMAL,
    FLOATING,
    /** Of a calendar, wherever on earth. */
    LOCAL,
    /** The same everywhere. */
    INSTANT,
    TIME,
    LABEL,
    TEXT,
    JSON,
    BYTES
  }

  /** Integers that a double holds exactly, though it holds some longer ones too. */
  private static final int DOUBLE_BITS = 32;

  private static final int MOST_SET_LABELS = 64;
  private static final int MOST_VARCHAR = 16_383;
  private static final long UNBOUNDED = Integer.MAX_VALUE;
  private static final List<MysqlType> INTEGERS =
      List.of(
          MysqlType.TINYINT,
          MysqlType.SMALLINT,
          MysqlType.MEDIUMINT,
          MysqlType.INT,
          MysqlType.BIGINT);

  private CommonType() {}

  /** Whether a column takes all values of a type and stays what it is. */
  public static boolean holds(ColumnType column, ColumnType values) {
    return of(column, values).filter(column::equals).isPresent();
  }

  /**
   * The type of a column that holds its own values and others: its own, if it can; nothing if no
   * type does.
   */
  public static Optional<ColumnType> of(ColumnType column, ColumnType values) {
    ColumnType a = plain(column);
    ColumnType b = plain(values);
    if (a.equals(b)) {
      return Optional.of(column);
    }
    Kind from = kind(a);
    Kind to = kind(b);
    if ((from == Kind.BYTES) != (to == Kind.BYTES)) {
      return Optional.empty();
    }
    ColumnType common = from == to ? ofKind(from, a, b) : mixed(from, to, a, b);
    return Optional.of(common.equals(a) ? column : common);
  }

  /** What is done about dates that are none is no matter of room. */
  private static ColumnType plain(ColumnType type) {
    return type.zeroAsNull()
        ? new ColumnType(
            type.base(), type.unsigned(), type.length(), type.scale(), type.labels(), false)
        : type;
  }

  private static Kind kind(ColumnType type) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, BIT -> Kind.INTEGER;
      case DECIMAL -> Kind.DECIMAL;
      case FLOAT, DOUBLE -> Kind.FLOATING;
      case DATE, DATETIME -> Kind.LOCAL;
      case TIMESTAMP -> Kind.INSTANT;
      case TIME -> Kind.TIME;
      case ENUM, SET -> Kind.LABEL;
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT -> Kind.TEXT;
      case JSON -> Kind.JSON;
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, GEOMETRY, VECTOR -> Kind.BYTES;
    };
  }

  private static ColumnType ofKind(Kind kind, ColumnType a, ColumnType b) {
    return switch (kind) {
      case INTEGER -> integer(a, b);
      case DECIMAL -> decimal(a, b);
      case FLOATING -> floating(a, b);
      case LOCAL -> local(a, b);
      case INSTANT, TIME, JSON -> a.scale() >= b.scale() ? a : b;
      case LABEL -> labels(a, b);
      case TEXT -> text(a, b);
      case BYTES -> bytes(a, b);
    };
  }

  private static ColumnType mixed(Kind from, Kind to, ColumnType a, ColumnType b) {
    if (isOneOf(from, to, Kind.INTEGER, Kind.DECIMAL)) {
      return decimal(a, b);
    }
    if (isOneOf(from, to, Kind.INTEGER, Kind.FLOATING)
        && isInDouble(from == Kind.INTEGER ? a : b)) {
      return ColumnType.of(MysqlType.DOUBLE);
    }
    if (isOneOf(from, to, Kind.LABEL, Kind.TEXT)) {
      return text(a, b);
    }
    return ColumnType.of(MysqlType.LONGTEXT);
  }

  private static boolean isOneOf(Kind from, Kind to, Kind one, Kind other) {
    return (from == one && to == other) || (from == other && to == one);
  }

  /** A truth is an integer where it is stored as one, and no measure. */
  private static boolean isInDouble(ColumnType integer) {
    return !integer.isTruth() && IntegerRange.of(integer).most().bitLength() <= DOUBLE_BITS;
  }

  private static ColumnType integer(ColumnType a, ColumnType b) {
    IntegerRange one = IntegerRange.of(a);
    IntegerRange other = IntegerRange.of(b);
    // A YEAR has a gap behind 0.
    if (one.contains(other) && a.base() != MysqlType.YEAR) {
      return a;
    }
    if (other.contains(one) && b.base() != MysqlType.YEAR) {
      return b;
    }
    return INTEGERS.stream()
        .map(ColumnType::of)
        .filter(type -> IntegerRange.of(type).contains(one))
        .filter(type -> IntegerRange.of(type).contains(other))
        .findFirst()
        .orElse(ColumnType.decimal(Math.max(one.digits(), other.digits()), 0));
  }

  private static ColumnType decimal(ColumnType a, ColumnType b) {
    long whole = Math.max(wholeDigits(a), wholeDigits(b));
    int scale = Math.max(a.scale(), b.scale());
    return new ColumnType(
        MysqlType.DECIMAL, isUnsigned(a) && isUnsigned(b), whole + scale, scale, List.of(), false);
  }

  private static long wholeDigits(ColumnType type) {
    return type.base() == MysqlType.DECIMAL
        ? type.length() - type.scale()
        : IntegerRange.of(type).digits();
  }

  private static boolean isUnsigned(ColumnType type) {
    return IntegerRange.isOf(type) ? IntegerRange.of(type).least().signum() == 0 : type.unsigned();
  }

  private static ColumnType floating(ColumnType a, ColumnType b) {
    MysqlType base =
        a.base() == MysqlType.FLOAT && b.base() == MysqlType.FLOAT
            ? MysqlType.FLOAT
            : MysqlType.DOUBLE;
    return new ColumnType(base, a.unsigned() && b.unsigned(), 0, 0, List.of(), false);
  }

  private static ColumnType local(ColumnType a, ColumnType b) {
    return a.base() == b.base()
        ? (a.scale() >= b.scale() ? a : b)
        : a.base() == MysqlType.DATE ? b : a;
  }

  /** Labels of a SET are printed in its order, so that another order would be another text. */
  private static ColumnType labels(ColumnType a, ColumnType b) {
    List<String> all = Stream.concat(a.labels().stream(), b.labels().stream()).distinct().toList();
    boolean known = !a.labels().isEmpty() && !b.labels().isEmpty() && !all.toString().contains("?");
    boolean set = a.base() == MysqlType.SET;
    boolean ordered =
        !set
            || (all.size() <= MOST_SET_LABELS
                && all.stream().filter(b.labels()::contains).toList().equals(b.labels()));
    return a.base() == b.base() && known && ordered
        ? (all.equals(a.labels()) ? a : ColumnType.labelled(a.base(), all))
        : text(a, b);
  }

  private static ColumnType text(ColumnType a, ColumnType b) {
    if (kind(a) == Kind.TEXT && isRoomFor(a, b)) {
      return a;
    }
    if (kind(b) == Kind.TEXT && b.base() != MysqlType.CHAR && isRoomFor(b, a)) {
      return b;
    }
    long characters = Math.max(characters(a), characters(b));
    return characters <= MOST_VARCHAR
        ? ColumnType.of(MysqlType.VARCHAR, characters)
        : sized(
            Math.max(bytes(a), bytes(b)), MysqlType.TEXT, MysqlType.MEDIUMTEXT, MysqlType.LONGTEXT);
  }

  private static boolean isRoomFor(ColumnType column, ColumnType values) {
    return switch (column.base()) {
      // It doesn't keep blanks at the end, which labels don't have.
      case CHAR ->
          (values.base() == MysqlType.CHAR || kind(values) == Kind.LABEL)
              && column.length() >= characters(values);
      case VARCHAR -> characters(column) >= characters(values);
      default -> bytes(column) >= bytes(values);
    };
  }

  /** The most that a text has; a query doesn't always say how many. */
  private static long characters(ColumnType type) {
    return switch (type.base()) {
      case CHAR, VARCHAR -> type.length() == 0 ? UNBOUNDED : type.length();
      case ENUM -> type.labels().stream().mapToLong(String::length).max().orElse(UNBOUNDED);
      case SET ->
          type.labels().isEmpty()
              ? UNBOUNDED
              : type.labels().stream().mapToLong(label -> label.length() + 1L).sum();
      default -> bytes(type);
    };
  }

  private static long bytes(ColumnType type) {
    return switch (type.base()) {
      case TINYTEXT, TINYBLOB -> 0xff;
      case TEXT, BLOB -> 0xffff;
      case MEDIUMTEXT, MEDIUMBLOB -> 0xffffff;
      case BINARY, VARBINARY -> type.length() == 0 ? UNBOUNDED : type.length();
      case CHAR, VARCHAR, ENUM, SET -> Math.min(UNBOUNDED, 4 * characters(type));
      default -> UNBOUNDED;
    };
  }

  private static ColumnType bytes(ColumnType a, ColumnType b) {
    if (a.base() == b.base() && (a.base() == MysqlType.VECTOR || a.base() == MysqlType.GEOMETRY)) {
      return a.length() >= b.length() ? a : b;
    }
    if (isRoomForBytes(a, b)) {
      return a;
    }
    if (isRoomForBytes(b, a)) {
      return b;
    }
    long most = Math.max(bytes(a), bytes(b));
    return most <= MOST_VARCHAR
        ? ColumnType.of(MysqlType.VARBINARY, most)
        : sized(most, MysqlType.BLOB, MysqlType.MEDIUMBLOB, MysqlType.LONGBLOB);
  }

  private static boolean isRoomForBytes(ColumnType column, ColumnType values) {
    return switch (column.base()) {
      // One is filled up with zeros, the others have a form.
      case BINARY, GEOMETRY, VECTOR -> false;
      default -> bytes(column) >= bytes(values);
    };
  }

  private static ColumnType sized(long bytes, MysqlType small, MysqlType medium, MysqlType large) {
    return ColumnType.of(bytes <= 0xffff ? small : bytes <= 0xffffff ? medium : large);
  }
}
