package io.vitessbeam.read;

/** The whole of a {@link StreamRequest}, as the one range that it is. */
public record StreamRange(StreamRequest request, long plan) implements ReadPart {

  @Override
  public int index() {
    return 0;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public String shard() {
    return "";
  }

  @Override
  public long estimatedRows() {
    return 0;
  }

  @Override
  public boolean resumable() {
    return false;
  }

  @Override
  public String describe() {
    return request.name();
  }

  @Override
  public BlockCursor open(RangePosition from, Retry retry) {
    return new StreamCursor(this, from, retry);
  }
}
