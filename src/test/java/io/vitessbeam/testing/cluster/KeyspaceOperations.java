package io.vitessbeam.testing.cluster;

import io.vitessbeam.testing.TestCluster;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What Vitess does to tables of a keyspace by itself, for some time: online DDL, and MoveTables.
 *
 * @param keyspace that has the tables to begin with
 */
public record KeyspaceOperations(TestCluster cluster, String keyspace) {

  /** Alters a table by an online DDL of Vitess's, and returns when that is done. */
  public void alterOnline(String table, String change) throws SQLException, InterruptedException {
    try (Connection connection = cluster.connect(keyspace);
        Statement statement = connection.createStatement()) {
      statement.execute("SET @@ddl_strategy = 'vitess'");
      statement.execute("ALTER TABLE " + table + " " + change);
      String uuid;
      try (ResultSet rows = statement.getResultSet()) {
        rows.next();
        uuid = rows.getString(1);
      }
      String status = "";
      while (!status.equals("complete")) {
        if (status.equals("failed") || status.equals("cancelled")) {
          throw new IllegalStateException(change + " of " + table + " " + status);
        }
        TimeUnit.MILLISECONDS.sleep(200);
        try (ResultSet rows =
            statement.executeQuery("SHOW VITESS_MIGRATIONS LIKE '" + uuid + "'")) {
          rows.next();
          status = rows.getString("migration_status");
        }
      }
    }
  }

  /** Begins to copy a table to another keyspace, which gets its changes from then on. */
  public void copyTo(String to, String table) {
    cluster.vtctldclient(
        move(to, table, "create", "--source-keyspace=" + keyspace, "--tables=" + table));
  }

  /** The other keyspace's copy of the table takes the writes; this one has its changes now. */
  public void switchTo(String to, String table) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      try {
        cluster.vtctldclient(move(to, table, "switchtraffic"));
        return;
      } catch (IllegalStateException e) {
        // It refuses until the copy is complete.
        if (System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  /** The table is gone from where it was. */
  public void completeMoveTo(String to, String table) {
    cluster.vtctldclient(move(to, table, "complete"));
  }

  private static String[] move(String to, String table, String action, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("MoveTables", "--workflow=move_" + table, "--target-keyspace=" + to, action));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
