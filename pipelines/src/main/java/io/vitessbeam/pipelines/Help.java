package io.vitessbeam.pipelines;

import io.vitessbeam.pipelines.flink.FlinkConf;
import java.beans.Introspector;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** The answers to {@code --help} and {@code --version}. */
final class Help {

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

        Without a URI: the quickstart, on a Vitess of its own.
        """);
    Map<String, Method> getters = getters();
    for (Flag flag : Flag.served()) {
      Method getter = getters.get(flag.name());
      String description = getter.getAnnotation(Description.class).value();
      out.printf(Locale.ROOT, "  %-24s %s%s%n", flag.spelling(), description, defaultOf(getter));
    }
    out.println(
        """

        Every flag is written --name=value or --name value. Options of Beam and its runners go
        through: --runner=FlinkRunner --parallelism=8
        """);
    out.println(FlinkConf.describeStreaming());
  }

  static String version() {
    String version = Help.class.getPackage().getImplementationVersion();
    String beam = org.apache.beam.sdk.util.ReleaseInfo.getReleaseInfo().getSdkVersion();
    return "vitess-beam " + (version == null ? "(development build)" : version) + ", Beam " + beam;
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
