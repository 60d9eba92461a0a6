package io.vitessbeam.vstream.position;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.schema.SqlText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the servers still have what comes after stored positions. Asked by SQL and at once: a
 * stream would find out after 90 s, and couldn't say why.
 */
public final class PositionCheck {

  /** What a destination stores. */
  public static final String STORED = "in the destination";

  /** What a read was told. */
  public static final String GIVEN = "to start at";

  private final VitessUri uri;
  private final List<String> shards;
  private final String whose;

  /**
   * @param whose which positions they are, {@link #STORED} or {@link #GIVEN}
   * @param uri of the tablets that are followed
   * @param shards that serve
   */
  public PositionCheck(String whose, VitessUri uri, List<String> shards) {
    this.whose = whose;
    this.uri = uri;
    this.shards = List.copyOf(shards);
  }

  /**
   * Passes if every position can be followed from.
   *
   * @param positions by table
   * @throws NeedsRefreshException naming the first table and shard that can't
   */
  public void require(Map<String, Vgtid> positions) {
    Map<String, Map<String, GtidSet>> setsByTable = new HashMap<>();
    positions.forEach((table, position) -> setsByTable.put(table, sets(table, position)));
    if (positions.isEmpty()) {
      return;
    }
    for (String shard : shards) {
      requireServed(shard, positions, setsByTable);
    }
  }

  /** What can be told without a server. */
  private Map<String, GtidSet> sets(String table, Vgtid position) {
    if (!position.keyspace().equals(uri.keyspace())) {
      throw refusal(table, "is one of keyspace " + position.keyspace());
    }
    Set<String> unknown = new HashSet<>(position.shardNames());
    shards.forEach(unknown::remove);
    List<String> missing = new ArrayList<>(shards);
    missing.removeAll(position.shardNames());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw refusal(
          table,
          "has "
              + (unknown.isEmpty()
                  ? "no shard " + String.join(", ", missing)
                  : "the shard " + String.join(", ", unknown))
              + ", and the keyspace consists of "
              + String.join(", ", shards)
              + ": it was resharded");
    }
    Map<String, GtidSet> sets = new HashMap<>();
    for (String shard : shards) {
      try {
        sets.put(shard, GtidSet.parse(position.gtid(shard)));
      } catch (IllegalArgumentException e) {
        throw refusal(table, "on shard " + shard + " can't be read: " + e.getMessage());
      }
    }
    return sets;
  }

  private void requireServed(
      String shard, Map<String, Vgtid> positions, Map<String, Map<String, GtidSet>> setsByTable) {
    Set<GtidSet> passed = new HashSet<>();
    VitessUri primaries = ExecutedGtids.primary(uri);
    // The primary has executed whatever was ever followed; a replica may be behind it.
    try (Connection primary = new Vtgate(primaries).lookUp(shard);
        Connection followed = new Vtgate(uri).lookUp(shard)) {
      for (String table : positions.keySet()) {
        GtidSet set = setsByTable.get(table).get(shard);
        if (!passed.add(set)) {
          continue;
        }
        String literal = SqlText.literal(set.sql());
        if (!holds(primary, "gtid_subset(" + literal + ", @@global.gtid_executed)")) {
          throw refusal(
              table,
              "on shard "
                  + shard
                  + " holds transactions that the server never had: it is of another cluster, or"
                  + " they were lost by a failover or a restore");
        }
        if (!holds(followed, "gtid_subset(@@global.gtid_purged, " + literal + ")")) {
          throw refusal(
              table, "on shard " + shard + " is from before binary logs that were purged since");
        }
      }
    } catch (SQLException e) {
      throw SqlFailures.running("Checking positions on " + uri.keyspace() + "/" + shard, e);
    }
  }

  private static boolean holds(Connection connection, String condition) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + condition)) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  private NeedsRefreshException refusal(String table, String why) {
    return new NeedsRefreshException(
        "The position of %s.%s %s %s. Changes can't be followed from there; %s"
            .formatted(
                uri.keyspace(),
                table,
                whose,
                why,
                whose.equals(STORED)
                    ? "copy the table anew"
                    : "copy the table anew by starting at no position"));
  }
}
