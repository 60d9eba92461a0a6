package io.vitessbeam.pipelines;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the next start of the launcher load its classes from an archive. */
final class FastStart {

  private static final Logger LOG = LoggerFactory.getLogger(FastStart.class);

  /** Set by the launcher while there is no archive. */
  private static final String ARCHIVE = "vitessbeam.archive";

  private FastStart() {}

  /** Loads DuckDB's library, which takes as long as all of Beam does, beside everything else. */
  static void loadDuckDb() {
    Thread loading =
        new Thread(
            () -> {
              try {
                Class.forName("org.duckdb.DuckDBNative");
              } catch (ClassNotFoundException | LinkageError e) {
                // Whoever needs it will say so.
                LOG.debug("DuckDB is not loaded ahead", e);
              }
            },
            "load-duckdb");
    loading.setDaemon(true);
    loading.start();
  }

  /** To be called after a run that loaded what a usual run loads. */
  static void archiveClasses() {
    String archive = System.getProperty(ARCHIVE);
    if (archive == null || Files.exists(Path.of(archive))) {
      return;
    }
    PrintStream out = System.out;
    // The JDK's own code reports the archive on stdout.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      Object answer =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmCds",
                  new Object[] {new String[] {"dynamic_dump", archive}},
                  new String[] {String[].class.getName()});
      LOG.debug("archive of classes: {}", answer);
    } catch (JMException | RuntimeException e) {
      LOG.debug("no archive of classes", e);
    } finally {
      System.setOut(out);
    }
  }
}
