package io.vitessbeam.read;

/** A reader that goes on between two calls of the function that takes from it. */
public interface OpenReader extends AutoCloseable {

  /** Up to where what was taken goes: the restriction of the next call. */
  Object position();

  /** Whether another reader can go on from the position. */
  boolean resumable();

  /** Ends it at once, wherever it is. */
  @Override
  void close();
}
