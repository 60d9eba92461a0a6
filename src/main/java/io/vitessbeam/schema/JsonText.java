package io.vitessbeam.schema;

import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.PassThroughLogicalType;

/** A JSON document as text, exactly as the server prints it; it is never parsed and rebuilt. */
public final class JsonText extends PassThroughLogicalType<String> {

  public static final JsonText INSTANCE = new JsonText();
  public static final String IDENTIFIER = "vitessbeam:logical_type:json:v1";

  private static final long serialVersionUID = 1L;

  private JsonText() {
    super(IDENTIFIER, FieldType.STRING, "", FieldType.STRING);
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
