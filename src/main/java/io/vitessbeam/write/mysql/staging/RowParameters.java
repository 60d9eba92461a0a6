package io.vitessbeam.write.mysql.staging;

import com.mysql.cj.protocol.a.NativePacketPayload;
import io.vitessbeam.DataException;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.schema.WireTemporals;
import io.vitessbeam.write.adapt.RowText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The packet that runs a prepared INSERT with the rows of a block.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html">
 *     COM_STMT_EXECUTE</a>
 */
final class RowParameters {

  private static final byte COMMAND = 0x17;
  private static final byte LONGLONG = 8;

  /** Text in the session's character set, and bytes. */
  private static final byte STRING = (byte) 253;

  private static final byte BYTES = (byte) 252;

  /** Command, statement, flags, iteration count. */
  private static final int HEADER = 1 + 4 + 1 + 4;

  private final StagingColumns columns;
  private final int perRow;
  private final byte[] types;
  private final boolean[] datesToNull;
  private final boolean[] required;
  private final Check[] checks;
  private byte[] bytes = new byte[1 << 16];
  private int length;
  private int parameter;

  RowParameters(StagingColumns columns) {
    this.columns = columns;
    this.perRow = columns.parameters();
    List<Column> source = columns.source().columns();
    types = new byte[2 * perRow];
    datesToNull = new boolean[source.size()];
    required = new boolean[source.size()];
    checks = new Check[source.size()];
    for (int i = 0; i < source.size(); i++) {
      Column column = source.get(i);
      types[2 * i] = isBytes(column.type().base()) ? BYTES : STRING;
      datesToNull[i] = column.type().zeroAsNull();
      checks[i] = check(column.type().base());
      required[i] = columns.keys().contains(column.name());
    }
    if (columns.numbered()) {
      types[2 * source.size()] = LONGLONG;
      types[2 * (source.size() + 1)] = LONGLONG;
    }
  }

  /** Why MySQL would store another value than it is given, without a word. */
  @FunctionalInterface
  private interface Check {
    Optional<String> misfit(byte[] bytes, int offset, int length);
  }

  /** Null for types of which MySQL says itself what it doesn't take. */
  private static Check check(MysqlType type) {
    return switch (type) {
      case JSON -> JsonFit::misfit;
      case FLOAT -> RowParameters::misfitOfFloat;
      default -> null;
    };
  }

  private static Optional<String> misfitOfFloat(byte[] bytes, int offset, int length) {
    try {
      WireNumbers.parseFloat(bytes, offset, length);
      return Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.of("is no number that a FLOAT holds");
    }
  }

  private static boolean isBytes(MysqlType type) {
    return switch (type) {
      case BIT, BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, GEOMETRY, VECTOR -> true;
      default -> false;
    };
  }

  /** Starts a packet for a statement with the placeholders of some rows. */
  void begin(long statement, int rows) {
    int nulls = (perRow * rows + 7) / 8;
    length = 0;
    parameter = 0;
    ensure(HEADER + nulls + 1 + types.length * rows);
    Arrays.fill(bytes, 0, HEADER + nulls, (byte) 0);
    bytes[0] = COMMAND;
    for (int i = 0; i < 4; i++) {
      bytes[1 + i] = (byte) (statement >>> (8 * i));
    }
    bytes[6] = 1;
    length = HEADER + nulls;
    // The types follow.
    bytes[length++] = 1;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(types, 0, bytes, length, types.length);
      length += types.length;
    }
  }

  /**
   * Adds the row at which a reader is.
   *
   * @param start where the row begins, with the length of its first value
   * @throws DataException if a key is NULL, or a value would be changed
   */
  void add(BlockReader reader, int start, Origin origin, int row) {
    int from = start;
    int at = from;
    for (int i = 0; i < datesToNull.length; i++) {
      int end = reader.offset(i) + Math.max(reader.length(i), 0);
      if (isNull(reader, i)) {
        if (required[i]) {
          throw nullKey(i, origin, row);
        }
        bytes[HEADER + (parameter >> 3)] |= (byte) (1 << (parameter & 7));
        copy(reader, from, at);
        from = end;
      } else if (checks[i] != null) {
        requireHeld(reader, i);
      }
      at = end;
      parameter++;
    }
    copy(reader, from, at);
    if (columns.numbered()) {
      addNumber(RowNumbers.of(origin, row));
      addNumber(at - start);
    }
  }

  private void addNumber(long number) {
    ensure(8);
    for (int i = 0; i < 8; i++) {
      bytes[length++] = (byte) (number >>> (8 * i));
    }
    parameter++;
  }

  private boolean isNull(BlockReader reader, int column) {
    if (reader.isNull(column)) {
      return true;
    }
    return datesToNull[column]
        && WireTemporals.parseEpochDay(reader.bytes(), reader.offset(column), 10)
            == WireTemporals.NOT_A_DATE;
  }

  private void requireHeld(BlockReader reader, int column) {
    checks[column]
        .misfit(reader.bytes(), reader.offset(column), reader.length(column))
        .ifPresent(
            reason -> {
              throw new RowText(columns.source())
                  .misfit(
                      reader,
                      column,
                      "%s; as text it stays as it is, by --columns='%s:text'"
                          .formatted(reason, columns.source().columns().get(column).name()));
            });
  }

  private void copy(BlockReader reader, int from, int to) {
    if (to > from) {
      ensure(to - from);
      System.arraycopy(reader.bytes(), from, bytes, length, to - from);
      length += to - from;
    }
  }

  private DataException nullKey(int column, Origin origin, int row) {
    return new DataException(
        "Row "
            + row
            + " of block "
            + origin.sequence()
            + " of range "
            + origin.range()
            + " of "
            + columns.source().qualifiedName()
            + " has NULL in the key column "
            + columns.source().columns().get(column).name()
            + ": name key columns that have a value in every row");
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length + (bytes.length >> 1), length + more));
    }
  }

  NativePacketPayload packet() {
    NativePacketPayload packet = new NativePacketPayload(bytes);
    packet.setPayloadLength(length);
    packet.setPosition(length);
    return packet;
  }
}
