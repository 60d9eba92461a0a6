package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.TargetTable;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One table of one run at one file.
 *
 * @param runId the same at every retry within a run, and never again in another one
 */
public record LoadId(DuckDbUri uri, String runId, TargetTable table) implements Serializable {

  public LoadId {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(table, "table");
  }

  /** 16 hexadecimal digits that stand for the run and the table, whatever their names hold. */
  String digest() {
    String text = runId + '\0' + table.schema() + '\0' + table.table();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
