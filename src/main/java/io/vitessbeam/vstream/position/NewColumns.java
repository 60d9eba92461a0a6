package io.vitessbeam.vstream.position;

/** What a stream does with columns that a table gets, at its end, while it is followed. */
public enum NewColumns {
  /** The table can't be followed any more, unless they were expected: it has to be read anew. */
  BREAK,
  /** Rows come without them. */
  LEAVE_OUT,
  /** Rows come with them, in blocks whose schema has them. */
  TAKE
}
