package io.vitessbeam.write.mysql;

import io.vitessbeam.write.LoadSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** One table of one run at one server. */
record LoadId(Server server, LoadSpec spec) {

  LoadId {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(spec, "spec");
  }

  String database() {
    return spec.table().schema().isEmpty() ? server.defaultDatabase() : spec.table().schema();
  }

  String table() {
    return spec.table().table();
  }

  /** {@code database.table}, for messages. */
  String name() {
    return database() + "." + table();
  }

  /** 16 hexadecimal digits for the run and the table, whatever their names hold. */
  String digest() {
    return digest(spec.runId() + '\0' + database() + '\0' + table(), 8);
  }

  /** The first bytes of a text's SHA-256, in hexadecimal. */
  static String digest(String text, int bytes) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
