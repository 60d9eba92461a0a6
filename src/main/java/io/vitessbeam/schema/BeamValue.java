package io.vitessbeam.schema;

import org.apache.beam.sdk.schemas.Schema.FieldType;

/** How a column appears in a Beam Row: the type of its field and the decoder of its values. */
public record BeamValue(FieldType type, Decoder decoder) {

  /** Makes the object that a Row holds from the bytes of a value that is not NULL. */
  @FunctionalInterface
  public interface Decoder {

    /** May return null only for a date that no calendar has and that is to be read as NULL. */
    Object decode(byte[] bytes, int offset, int length);
  }
}
