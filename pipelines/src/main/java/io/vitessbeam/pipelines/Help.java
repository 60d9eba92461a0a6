package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.pipelines.flink.FlinkConf;
import java.beans.Introspector;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.util.ReleaseInfo;

/** The answers to {@code --help} and {@code --version}. */
final class Help {

  private static final int WIDTH = 100;
  private static final int COLUMN = 26;

  private Help() {}

  static void print(PrintStream out) {
    out.println(
        """
        Loads a table of Vitess, MySQL, PostgreSQL, DuckDB or files into Vitess, MySQL, PostgreSQL
        or DuckDB.

          ingest --source-uri vitess://user:password@host:3306/shop --source-table orders \\
                 --dest-uri duckdb:///shop.duckdb

        Copies all tables of a keyspace, and when run again applies what has changed.

          ingest --source-uri 'vitess+cdc://user:password@host:3306/shop?grpc_port=15991' \\
                 --dest-uri duckdb:///shop.duckdb

        Follows the changes for good, and shows the run at http://localhost:9090.

          ingest --source-uri 'vitess+cdc://user:password@host:3306/shop?grpc_port=15991' \\
                 --dest-uri duckdb:///shop.duckdb --stream --metrics-addr localhost:9090

        Without a URI: the quickstart, on a Vitess of its own.\
        """);
    Map<String, Method> getters = getters();
    Flag.Task task = Flag.Task.NONE;
    for (Flag flag : Flag.served()) {
      if (flag.task() != task) {
        task = flag.task();
        out.println("\n" + task.heading() + ":");
      }
      Method getter = getters.get(flag.name());
      String description = getter.getAnnotation(Description.class).value() + defaultOf(getter);
      printWrapped(out, "  " + flag.spelling(), description);
    }
    out.println(
        """

        --completion bash or zsh prints a script by which that shell completes them.

        Every flag is written --name=value or --name value, or stands in the environment as
        INGESTR_SOURCE_URI or SOURCE_URI (one of a single word as INGESTR_DEBUG only). An address
        is read from a file by --source-uri=@/run/secrets/source. Options of Beam and its runners
        go through: --runner=FlinkRunner --parallelism=8
        """);
    out.println(FlinkConf.describeStreaming());
  }

  /** A name, and its description in a column of its own. */
  private static void printWrapped(PrintStream out, String name, String description) {
    StringBuilder line = new StringBuilder(padded(name));
    for (String word : description.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        out.println(line);
        line = new StringBuilder(padded(""));
      }
      line.append(' ').append(word);
    }
    out.println(line);
  }

  private static String padded(String name) {
    return name + " ".repeat(Math.max(0, COLUMN - name.length()));
  }

  static String version() {
    try (InputStream version = Help.class.getResourceAsStream("version")) {
      return "vitess-beam %s, Beam %s"
          .formatted(
              new String(version.readAllBytes(), UTF_8).strip(),
              ReleaseInfo.getReleaseInfo().getSdkVersion());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the version", e);
    }
  }

  private static Map<String, Method> getters() {
    Map<String, Method> getters = new TreeMap<>();
    for (Method method : IngestOptions.class.getDeclaredMethods()) {
      if (method.getParameterCount() == 0) {
        getters.put(
            Introspector.decapitalize(method.getName().replaceFirst("^(get|is)", "")), method);
      }
    }
    return getters;
  }

  private static String defaultOf(Method getter) {
    if (getter.isAnnotationPresent(Default.String.class)) {
      return " [" + getter.getAnnotation(Default.String.class).value() + "]";
    }
    if (getter.isAnnotationPresent(Default.Integer.class)) {
      return " [" + getter.getAnnotation(Default.Integer.class).value() + "]";
    }
    return "";
  }
}
