package io.vitessbeam.schema;

/**
 * Whether and how values of a type can bound a key range, which takes that {@code ORDER BY} and
 * comparison with a literal agree in MySQL and that the literal is exact.
 */
public enum KeyOrder {
  /** Printed as it is. */
  NUMBER,
  /** Compared by the column's collation; printed as hexadecimal UTF-8. */
  TEXT,
  /** Compared byte by byte; printed as hexadecimal. */
  BYTES,
  /** Printed between quotes. */
  QUOTED,
  /** Not usable. */
  NONE
}
