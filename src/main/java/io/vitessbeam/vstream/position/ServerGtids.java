package io.vitessbeam.vstream.position;

import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a shard's servers by SQL, through vtgate. */
final class ServerGtids implements ShardGtids {

  private static final Logger LOG = LoggerFactory.getLogger(ServerGtids.class);

  private final VitessUri followed;
  private final String shard;

  /** For {@link #now}; null before it is asked, and after a failure. */
  private Connection kept;

  ServerGtids(VitessUri followed, String shard) {
    this.followed = followed;
    this.shard = shard;
  }

  @Override
  public GtidSet executed() {
    return ExecutedGtids.read(followed, shard);
  }

  @Override
  public GtidSet purged() {
    return ExecutedGtids.purged(followed, shard);
  }

  /** The time is that at which the statement begins, so before what it reads. */
  @Override
  public Moment now() {
    if (kept == null) {
      kept = new Vtgate(ExecutedGtids.primary(followed)).lookUp(shard);
    }
    try (Statement statement = kept.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT UNIX_TIMESTAMP(), @@global.gtid_executed")) {
      rows.next();
      return new Moment(GtidSet.parse(rows.getString(2)), rows.getLong(1));
    } catch (SQLException e) {
      close();
      throw SqlFailures.running(
          "Asking " + followed.keyspace() + "/" + shard + " how far it is", e);
    }
  }

  @Override
  public void close() {
    if (kept != null) {
      try {
        kept.close();
      } catch (SQLException e) {
        LOG.debug("A session to {} was not closed: {}", shard, e.toString());
      }
      kept = null;
    }
  }
}
