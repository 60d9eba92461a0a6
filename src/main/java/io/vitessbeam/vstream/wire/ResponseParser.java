package io.vitessbeam.vstream.wire;

import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.vitessbeam.DataException;
import java.io.IOException;

/**
 * Walks over the events of a {@code VStreamResponse}. Rows are read where they lie: a message
 * object for each, with its list of lengths, would cost more than all else that is done with it.
 * The field numbers are those of Vitess's vtgate.proto, binlogdata.proto and query.proto. For one
 * thread.
 */
public final class ResponseParser {

  /** Takes what is in a response, in its order. */
  public interface Handler {

    /** An event that holds no rows. */
    void event(VEvent event) throws InterruptedException;

    /** Rows of a table follow. */
    void rows(String table, long timestamp) throws InterruptedException;

    /**
     * A row that was changed.
     *
     * @param images its images and bitmaps, valid during the call
     */
    void row(RowImages images) throws InterruptedException;
  }

  private static final int EVENTS = 1;
  private static final int TYPE = 1;
  private static final int TIMESTAMP = 2;
  private static final int ROW_EVENT = 5;
  private static final int TABLE_NAME = 1;
  private static final int ROW_CHANGES = 2;

  private final RowImages images = new RowImages();

  public void parse(byte[] response, Handler handler) throws InterruptedException {
    CodedInputStream in = CodedInputStream.newInstance(response);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == EVENTS) {
          int length = in.readRawVarint32();
          event(response, in, length, handler);
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new DataException("vtgate sent what is no VStreamResponse: " + e.getMessage(), e);
    }
  }

  private void event(byte[] response, CodedInputStream in, int length, Handler handler)
      throws IOException, InterruptedException {
    int start = in.getTotalBytesRead();
    int limit = in.pushLimit(length);
    int type = 0;
    long timestamp = 0;
    int rowsAt = -1;
    int rowsLength = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case TYPE -> type = in.readEnum();
        case TIMESTAMP -> timestamp = in.readInt64();
        case ROW_EVENT -> {
          rowsLength = in.readRawVarint32();
          rowsAt = in.getTotalBytesRead();
          in.skipRawBytes(rowsLength);
        }
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    if (type != VEventType.ROW_VALUE) {
      handler.event(VEvent.parser().parseFrom(response, start, length));
    } else if (rowsAt >= 0) {
      rows(response, rowsAt, rowsLength, timestamp, handler);
    }
  }

  private void rows(byte[] response, int at, int length, long timestamp, Handler handler)
      throws IOException, InterruptedException {
    CodedInputStream in = CodedInputStream.newInstance(response, at, length);
    boolean announced = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case TABLE_NAME -> {
          handler.rows(in.readStringRequireUtf8(), timestamp);
          announced = true;
        }
        case ROW_CHANGES -> {
          if (!announced) {
            throw new IOException("rows come before the name of their table");
          }
          int changeLength = in.readRawVarint32();
          int limit = in.pushLimit(changeLength);
          images.read(response, at, in);
          in.popLimit(limit);
          handler.row(images);
        }
        default -> in.skipField(tag);
      }
    }
  }
}
