package io.vitessbeam.vstream.position;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.TabletType;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.read.Retry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The transactions that the primaries of a keyspace have executed. */
public final class ExecutedGtids {

  private ExecutedGtids() {}

  /** The same keyspace, read from its primaries. */
  public static VitessUri primary(VitessUri uri) {
    return new VitessUri(uri.address(), uri.keyspace(), TabletType.PRIMARY);
  }

  /**
   * Asks the primaries of all shards.
   *
   * @return a position in front of which is all that was committed before the call; its shards are
   *     those that serve, in the order of vtgate
   * @throws TransientException if a primary is away
   */
  public static Vgtid read(VitessUri uri) {
    Vtgate vtgate = new Vtgate(primary(uri));
    List<ShardGtid> sets = new ArrayList<>();
    // One by one: SHOW GLOBAL GTID_EXECUTED takes a sharded keyspace that has a VSchema.
    for (String shard : vtgate.shards()) {
      sets.add(new ShardGtid(shard, read(vtgate, shard).toString()));
    }
    return new Vgtid(uri.keyspace(), sets);
  }

  /**
   * The same in the middle of a run, which a failover of some seconds shouldn't end.
   *
   * @throws TransientException if a primary is away for long
   */
  public static Vgtid readPatiently(VitessUri uri) throws InterruptedException {
    Retry retry = new Retry(Retry.DEFAULT_PATIENCE);
    while (true) {
      try {
        return read(uri);
      } catch (TransientException e) {
        retry.awaitNext(e);
      }
    }
  }

  /**
   * Asks the primary of one shard.
   *
   * @throws TransientException if it is away
   */
  public static GtidSet read(VitessUri uri, String shard) {
    return read(new Vtgate(primary(uri)), shard);
  }

  /**
   * The transactions of a shard that are in no binary log any more, of a tablet of the URI's type.
   *
   * @throws TransientException if there is none
   */
  static GtidSet purged(VitessUri uri, String shard) {
    return ask(new Vtgate(uri), shard, "@@global.gtid_purged");
  }

  private static GtidSet read(Vtgate vtgate, String shard) {
    GtidSet set = ask(vtgate, shard, "@@global.gtid_executed");
    if (set.isEmpty()) {
      throw new ConfigurationException(
          "Shard "
              + vtgate.uri().keyspace()
              + "/"
              + shard
              + " has no GTIDs, without which changes can't be followed: set gtid_mode=ON");
    }
    return set;
  }

  private static GtidSet ask(Vtgate vtgate, String shard, String variable) {
    try (Connection connection = vtgate.lookUp(shard);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + variable)) {
      return GtidSet.parse(rows.next() ? rows.getString(1) : "");
    } catch (SQLException e) {
      throw SqlFailures.running(
          "Reading the transactions of " + vtgate.uri().keyspace() + "/" + shard, e);
    }
  }
}
