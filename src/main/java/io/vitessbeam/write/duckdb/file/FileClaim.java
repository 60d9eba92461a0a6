package io.vitessbeam.write.duckdb.file;

import io.vitessbeam.TransientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Keeps a file to one class loader of this JVM. DuckDB's lock is the process's, and within one a
 * library knows only what it has opened itself. In a TaskManager of Flink each job has a class
 * loader, and so a library, of its own: two that wrote one file lost rows of each other without a
 * word. Safe for threads.
 */
final class FileClaim implements AutoCloseable {

  /** What all class loaders see: a property of the system per file, which says whose it is. */
  private static final String PROPERTY = "io.vitessbeam.duckdb.open:";

  /** This class loader. */
  private static final String OWNER = UUID.randomUUID().toString();

  private static final Map<String, Integer> CLAIMS = new HashMap<>();

  private final String property;
  private boolean closed;

  private FileClaim(String property) {
    this.property = property;
  }

  /**
   * Any number within a class loader, each to be closed.
   *
   * @throws TransientException if another one has the file
   */
  static FileClaim of(String path) {
    String property = PROPERTY + canonical(path);
    synchronized (CLAIMS) {
      Object owner = System.getProperties().putIfAbsent(property, OWNER);
      if (owner != null && !owner.equals(OWNER)) {
        throw new TransientException(
            "The DuckDB file %s is open in another job of this process; run one job after the other"
                .formatted(path),
            null);
      }
      CLAIMS.merge(property, 1, Integer::sum);
    }
    return new FileClaim(property);
  }

  /** By another name it is the same file. */
  private static String canonical(String path) {
    try {
      return Path.of(path).toFile().getCanonicalPath();
    } catch (IOException e) {
      return path;
    }
  }

  @Override
  public void close() {
    synchronized (CLAIMS) {
      if (closed) {
        return;
      }
      closed = true;
      if (CLAIMS.computeIfPresent(property, (claimed, n) -> n == 1 ? null : n - 1) == null) {
        System.getProperties().remove(property, OWNER);
      }
    }
  }
}
