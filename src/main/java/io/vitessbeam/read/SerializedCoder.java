package io.vitessbeam.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.SerializableUtils;

/**
 * Codes values of an interface whose classes are records, by Java serialization. Beam's own coder
 * warns of every interface, since it can't see that all of its classes have an equals.
 *
 * @param <T> the interface
 */
public final class SerializedCoder<T extends Serializable> extends CustomCoder<T> {

  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  private SerializedCoder(Class<T> type) {
    this.type = type;
  }

  public static <T extends Serializable> SerializedCoder<T> of(Class<T> type) {
    return new SerializedCoder<>(type);
  }

  @Override
  public void encode(T value, OutputStream out) throws IOException {
    ByteArrayCoder.of().encode(SerializableUtils.serializeToByteArray(value), out);
  }

  @Override
  public T decode(InputStream in) throws IOException {
    byte[] bytes = ByteArrayCoder.of().decode(in);
    return type.cast(SerializableUtils.deserializeFromByteArray(bytes, type.getSimpleName()));
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "Java serialization is not deterministic");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SerializedCoder<?> coder && type.equals(coder.type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
