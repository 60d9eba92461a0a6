package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a load is known by, in whatever copy of a DoFn. */
sealed interface LoadKey extends Serializable permits LoadId, SyncTarget {

  DuckDbUri uri();

  /** The same at every retry within a run, and never again in another one. */
  String runId();

  /** 16 hexadecimal digits that end the names of everything that the load stages. */
  String digest();

  /** A digest of any text. */
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
