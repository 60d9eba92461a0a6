package io.vitessbeam.write.duckdb.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The files that are open in a JVM, each as long as somebody uses it. For one thread at a time. */
public final class OpenFiles {

  private final Map<String, DuckDbFile> files = new HashMap<>();
  private final Map<String, Set<Object>> users = new HashMap<>();

  /** Files that were not there before; they go again if nothing is loaded into them. */
  private final Set<String> created = new HashSet<>();

  /**
   * Opens a file, or creates it, unless it is open.
   *
   * @param user closes it
   * @param alive see {@link DuckDbFile#open}
   */
  public DuckDbFile open(String path, Object user, Set<String> alive) {
    DuckDbFile file = files.get(path);
    if (file == null) {
      boolean isNew = !Files.exists(Path.of(path));
      file = DuckDbFile.open(path, alive);
      files.put(path, file);
      if (isNew) {
        created.add(path);
      }
    }
    users.computeIfAbsent(path, key -> new HashSet<>()).add(user);
    return file;
  }

  /** What is found in a file; nothing if there is no such file, which is not created then. */
  public <T> Optional<T> look(String path, Set<String> alive, Function<DuckDbFile, T> look) {
    DuckDbFile open = files.get(path);
    if (open != null) {
      return Optional.of(look.apply(open));
    }
    if (!Files.exists(Path.of(path))) {
      return Optional.empty();
    }
    try (DuckDbFile file = DuckDbFile.open(path, alive)) {
      return Optional.of(look.apply(file));
    }
  }

  /** Closes a file unless others use it; nothing happens if this one doesn't. */
  public void close(String path, Object user) {
    Set<Object> left = users.get(path);
    if (left != null && left.remove(user) && left.isEmpty()) {
      users.remove(path);
      DuckDbFile file = files.remove(path);
      if (created.contains(path) && file.isEmpty()) {
        created.remove(path);
        file.delete();
      } else {
        file.close();
      }
    }
  }
}
