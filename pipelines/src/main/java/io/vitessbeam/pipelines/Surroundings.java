package io.vitessbeam.pipelines;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** What the program knows of the place where it runs. The launcher says some of it. */
public final class Surroundings {

  /** Set by the launcher when stderr is a terminal. */
  private static final String COLUMNS = "vitessbeam.columns";

  private static final Path STDERR = Path.of("/proc/self/fd/2");
  private static final int USUAL_COLUMNS = 80;

  private Surroundings() {}

  /** Width of the terminal that shows stderr; 0 if nobody looks. */
  public static int terminalColumns() {
    return Integer.getInteger(COLUMNS, isTerminal(STDERR) ? USUAL_COLUMNS : 0);
  }

  /** Under Maven nobody says; {@code System.console()} would tell of stdin and stdout only. */
  private static boolean isTerminal(Path stream) {
    try {
      return stream.toRealPath().toString().matches("/dev/(pts/|tty).*");
    } catch (IOException e) {
      return false;
    }
  }

  /** A file of the checkout that this program was built in, or that is the working directory. */
  public static Optional<Path> inCheckout(String file) {
    return builtIn()
        .map(built -> above(built, file))
        .orElse(Optional.empty())
        .or(() -> above(Path.of("").toAbsolutePath(), file));
  }

  private static Optional<Path> above(Path start, String file) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(file))) {
        return Optional.of(folder.resolve(file));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> builtIn() {
    CodeSource source = Surroundings.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Optional.empty() : Optional.of(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
