package io.vitessbeam.write.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Stands for texts of any length: as 16 hexadecimal digits in the name of a table or a file, and as
 * the number of an advisory lock.
 */
public record Digest(long value) {

  private static final int DIGITS = 16;

  public static Digest of(String... texts) {
    try {
      byte[] text = String.join("\0", texts).getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return parse(HexFormat.of().formatHex(hash, 0, DIGITS / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  public static Digest parse(String digits) {
    return new Digest(Long.parseUnsignedLong(digits, DIGITS));
  }

  /** All digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }

  /** The first half of the digits, where all would make a name too long. */
  public String half() {
    return toString().substring(0, DIGITS / 2);
  }
}
