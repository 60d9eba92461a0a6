package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.load.LoadId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** The main program of a child JVM that loads a table and ends, or waits, at a chosen place. */
final class CrashingLoad {

  static final String RUN = "crashed run";
  static final int HALTED = 99;

  private CrashingLoad() {}

  public static void main(String[] args) throws Exception {
    DuckDbUri uri = new DuckDbUri(args[0]);
    LoadId<DuckDbUri> id =
        LoadId.of(uri, "", LoadSpec.replace(RUN, TargetTable.parse("shop.items")));
    DuckDbLoader load = DuckDbLoads.ofThisJvm().acquire(id);
    DatabaseFile.stage(load, Rows.itemRange(0, 2, 3, 10));
    load.stage(Rows.items(new Origin(5, 1, 2, 0, -1, "0"), 1000, 1010));
    switch (args[1]) {
      case "hold" -> {
        System.out.println("holding");
        Thread.currentThread().join();
      }
      case "staging" -> Runtime.getRuntime().halt(HALTED);
      case "publishing" -> {
        DatabaseFile.stage(load, Rows.itemRange(1, 2, 1, 10));
        publishPartly(id, Integer.parseInt(args[2]));
        Runtime.getRuntime().halt(HALTED);
      }
      default -> throw new IllegalArgumentException(args[1]);
    }
  }

  /** Runs the first statements of the publishing transaction; past the last one it commits. */
  private static void publishPartly(LoadId<DuckDbUri> id, int statements) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:" + id.place().path());
    String catalog = DuckDbSql.text(connection, "SELECT current_database()");
    List<String> publish =
        new DuckDbStagingTables(catalog, id.table(), id.digest().toString()).swap(id.ofRun());
    DuckDBConnection transaction = connection.unwrap(DuckDBConnection.class).duplicate();
    transaction.setAutoCommit(false);
    DuckDbSql.execute(transaction, publish.subList(0, Math.min(statements, publish.size())));
    if (statements > publish.size()) {
      transaction.commit();
    }
  }
}
