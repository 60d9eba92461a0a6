package io.vitessbeam.read.cursor;

import io.vitessbeam.read.BlockCursor;
import io.vitessbeam.read.RangePosition;
import io.vitessbeam.read.ReadPart;
import io.vitessbeam.read.Retry;

/** The whole of a {@link UndividedRead}, as the one range that it is. */
public record UndividedRange(UndividedRead request, long plan) implements ReadPart {

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
    return new UndividedCursor(this, from, retry);
  }
}
