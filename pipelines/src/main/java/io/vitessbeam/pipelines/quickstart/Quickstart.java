package io.vitessbeam.pipelines.quickstart;

import io.vitessbeam.pipelines.CommandLine;
import io.vitessbeam.pipelines.Ingest;
import io.vitessbeam.pipelines.IngestOptions;
import io.vitessbeam.pipelines.Main;
import io.vitessbeam.pipelines.RunnerDefaults;
import io.vitessbeam.pipelines.Surroundings;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Request;
import io.vitessbeam.pipelines.report.ProgressDisplay;
import io.vitessbeam.pipelines.report.Rates;
import io.vitessbeam.pipelines.report.Summary;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows how a copy is made and how it follows its source, from a real Vitess that it starts for
 * itself.
 */
public final class Quickstart {

  private static final String KEYSPACE = "shop";
  private static final String FILE = "quickstart.duckdb";

  private final CommandLine line;
  private final PrintStream out;
  private final PrintStream err;
  private final LocalVitess vitess;
  private final Path file = Path.of(FILE).toAbsolutePath();

  private Quickstart(CommandLine line, PrintStream out, PrintStream err, LocalVitess vitess) {
    this.line = line;
    this.out = out;
    this.err = err;
    this.vitess = vitess;
  }

  public static void run(CommandLine line, PrintStream out, PrintStream err) throws SQLException {
    // Before the wait: a wrong --runner or --progress.
    RunnerDefaults.runner(line);
    out.println("vitess-beam quickstart: a shop in a real Vitess, followed into DuckDB");
    out.println();
    out.println("Starting Vitess");
    try (LocalVitess vitess = LocalVitess.start(Request.of(new Keyspace(KEYSPACE, 1)))) {
      new Quickstart(line, out, err, vitess).run();
    }
  }

  private void run() throws SQLException {
    try (Connection source = vitess.connect(KEYSPACE)) {
      ShopData shop = new ShopData(source);
      long started = System.nanoTime();
      shop.createTables();
      try {
        shop.fill();
        out.printf("Filled keyspace %s in %s%n", KEYSPACE, Rates.time(since(started)));
        step("Copying all tables with " + line.option("runner", "DirectRunner"));
        // A file of an earlier quickstart is the copy of a Vitess that is gone.
        sync(Files.exists(file) ? "--fullRefresh=true" : "--fullRefresh=false");
        step("Changing it: " + shop.change());
        step("Applying the changes");
        sync();
        step("The same question to both");
        new ShopComparison(source, file, out).print();
        step("Once more, with nothing new");
        sync();
      } finally {
        if (!vitess.isThrowAway()) {
          shop.dropTables();
        }
      }
    }
    out.println();
    out.println("The result stays in " + file);
    out.println("Your own Vitess:");
    out.println();
    out.println(
        """
        pipelines/ingest \\
          --source-uri 'vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991' \\
          --dest-uri duckdb:///keyspace.duckdb\
        """
            .indent(2)
            .stripTrailing());
  }

  private void step(String title) {
    out.println();
    out.println(title);
  }

  private void sync(String... more) {
    List<String> arguments = new ArrayList<>(RunnerDefaults.addTo(line));
    arguments.add("--sourceUri=" + vitess.cdcUri(KEYSPACE));
    arguments.add("--destUri=duckdb://" + file.toUri().getRawPath());
    // A Vitess that is not ours may have other tables, too.
    arguments.add("--includeTables=" + String.join(",", ShopData.TABLES));
    arguments.addAll(List.of(more));
    IngestOptions options = Main.options(arguments);
    ProgressDisplay display =
        ProgressDisplay.of(options.getProgress(), err, Surroundings.terminalColumns());
    Summary summary = Ingest.run(Main.request(options), options, display);
    out.println(summary.toString().indent(2).stripTrailing());
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
