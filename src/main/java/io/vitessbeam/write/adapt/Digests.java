package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Digests of values, and the chance that is drawn from them. */
final class Digests {

  private static final String HMAC = "HmacSHA256";

  private Digests() {}

  /** In hexadecimal. */
  static Conversion of(String algorithm) {
    return (bytes, offset, length) -> {
      try {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        digest.update(bytes, offset, length);
        return hexadecimal(digest.digest());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** In hexadecimal. */
  static Conversion hmac(byte[] key) {
    return (bytes, offset, length) -> hexadecimal(hmac(key, bytes, offset, length));
  }

  /** Equal values have equal ones, in every load. */
  static Conversion uuid() {
    return (bytes, offset, length) ->
        UUID.nameUUIDFromBytes(Arrays.copyOfRange(bytes, offset, offset + length))
            .toString()
            .getBytes(UTF_8);
  }

  /** The same for equal values of a load, and unknown to who has not its seed. */
  static Random chance(ColumnMask mask, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    byte[] digest = hmac(mask.seed().getBytes(UTF_8), bytes, 0, bytes.length);
    return new Random(ByteBuffer.wrap(digest).getLong());
  }

  private static byte[] hmac(byte[] key, byte[] bytes, int offset, int length) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update(bytes, offset, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hexadecimal(byte[] digest) {
    return HexFormat.of().formatHex(digest).getBytes(UTF_8);
  }
}
