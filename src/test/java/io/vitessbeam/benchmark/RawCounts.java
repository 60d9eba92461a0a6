package io.vitessbeam.benchmark;

import binlogdata.Binlogdata.RowChange;
import binlogdata.Binlogdata.RowEvent;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import binlogdata.Binlogdata.VGtid;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.vitess.proto.Query.Row;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitess.proto.grpc.VitessGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is in the responses of a VStream. It steps over their bytes, since the objects that
 * protobuf would make of them take twice the time. Written by one thread.
 */
final class RawCounts {

  /** VStream with its responses as they come. */
  static final MethodDescriptor<VStreamRequest, byte[]> METHOD =
      VitessGrpc.getVStreamMethod().toBuilder(
              VitessGrpc.getVStreamMethod().getRequestMarshaller(), new Bytes())
          .build();

  private final AtomicLong responses = new AtomicLong();
  private long rows;
  private long bytes;
  private boolean copied;
  private VGtid position = VGtid.getDefaultInstance();

  long responses() {
    return responses.get();
  }

  /** Rows, a changed one counted once. */
  long rows() {
    return rows;
  }

  /** Of the values in the rows, before and after the change. */
  long bytes() {
    return bytes;
  }

  boolean isCopied() {
    return copied;
  }

  VGtid position() {
    return position;
  }

  void add(byte[] response) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(response);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == VStreamResponse.EVENTS_FIELD_NUMBER) {
          within(in, this::event);
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    responses.incrementAndGet();
  }

  private void event(CodedInputStream in, int tag) throws IOException {
    switch (WireFormat.getTagFieldNumber(tag)) {
      case VEvent.TYPE_FIELD_NUMBER -> copied |= in.readEnum() == VEventType.COPY_COMPLETED_VALUE;
      case VEvent.ROW_EVENT_FIELD_NUMBER -> within(in, this::rowEvent);
      case VEvent.VGTID_FIELD_NUMBER -> position = VGtid.parseFrom(in.readByteBuffer());
      default -> in.skipField(tag);
    }
  }

  private void rowEvent(CodedInputStream in, int tag) throws IOException {
    if (WireFormat.getTagFieldNumber(tag) == RowEvent.ROW_CHANGES_FIELD_NUMBER) {
      rows++;
      within(in, this::rowChange);
    } else {
      in.skipField(tag);
    }
  }

  private void rowChange(CodedInputStream in, int tag) throws IOException {
    switch (WireFormat.getTagFieldNumber(tag)) {
      case RowChange.BEFORE_FIELD_NUMBER, RowChange.AFTER_FIELD_NUMBER -> within(in, this::row);
      default -> in.skipField(tag);
    }
  }

  private void row(CodedInputStream in, int tag) throws IOException {
    if (WireFormat.getTagFieldNumber(tag) == Row.VALUES_FIELD_NUMBER) {
      int length = in.readRawVarint32();
      bytes += length;
      in.skipRawBytes(length);
    } else {
      in.skipField(tag);
    }
  }

  private interface Field {
    void read(CodedInputStream in, int tag) throws IOException;
  }

  /** Reads the fields of a message that stands here with its length. */
  private static void within(CodedInputStream in, Field field) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      field.read(in, tag);
    }
    in.popLimit(outer);
  }

  @Override
  public String toString() {
    return rows + " rows of " + bytes + " bytes in " + responses + " responses";
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public InputStream stream(byte[] value) {
      throw new UnsupportedOperationException("responses are only read");
    }
  }
}
