package io.vitessbeam.write.follow.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of relayed runs are in this JVM: a folder of their own that only the user of this
 * process can enter, since they hold the rows of others' tables. It goes when the JVM exits, if the
 * runs have ended.
 */
final class RelayFolder {

  private static Path folder;

  private RelayFolder() {}

  static synchronized Path ofThisJvm() {
    if (folder == null) {
      try {
        // Of temporary folders the JDK makes sure that they are the owner's alone.
        folder = Files.createTempDirectory("vitess-beam-").toAbsolutePath();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "No folder for the rows of a run could be made in " + temporary(), e);
      }
      folder.toFile().deleteOnExit();
    }
    return folder;
  }

  private static String temporary() {
    return System.getProperty("java.io.tmpdir");
  }
}
