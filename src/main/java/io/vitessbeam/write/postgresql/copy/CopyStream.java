package io.vitessbeam.write.postgresql.copy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Gathers what goes into a COPY, in the byte order of the network. For one thread. */
final class CopyStream {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The server parses one buffer while the next one is filled. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final CopyIn copy;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;

  CopyStream(CopyIn copy) {
    this.copy = copy;
  }

  void putByte(int value) throws SQLException {
    reserve(Byte.BYTES);
    buffer[position++] = (byte) value;
  }

  void putShort(int value) throws SQLException {
    reserve(Short.BYTES);
    SHORTS.set(buffer, position, (short) value);
    position += Short.BYTES;
  }

  void putInt(int value) throws SQLException {
    reserve(Integer.BYTES);
    INTS.set(buffer, position, value);
    position += Integer.BYTES;
  }

  void putLong(long value) throws SQLException {
    reserve(Long.BYTES);
    LONGS.set(buffer, position, value);
    position += Long.BYTES;
  }

  void putBytes(byte[] source, int offset, int length) throws SQLException {
    int from = offset;
    int left = length;
    while (left > 0) {
      reserve(1);
      int part = Math.min(left, BUFFER_BYTES - position);
      System.arraycopy(source, from, buffer, position, part);
      position += part;
      from += part;
      left -= part;
    }
  }

  /** Makes room for a few bytes. */
  private void reserve(int bytes) throws SQLException {
    if (BUFFER_BYTES - position < bytes) {
      flush();
    }
  }

  /** Sends what is gathered. */
  void flush() throws SQLException {
    copy.writeToCopy(buffer, 0, position);
    position = 0;
  }
}
