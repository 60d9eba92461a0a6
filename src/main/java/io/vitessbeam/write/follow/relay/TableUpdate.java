package io.vitessbeam.write.follow.relay;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.ContentsChange;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import io.vitessbeam.write.follow.FollowedTables.Position;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import io.vitessbeam.write.follow.Positions;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run brings to a table of a server. While nobody else can change the table: {@link
 * #requireNotOvertaken}, where data and position can't change at once {@link #claim}, then the rows
 * are published, then {@link #write}.
 *
 * @param rows empty if none changed
 * @param change what they do to the table; empty if they replace it
 * @param before the run that had brought the table where it was when rows were taken of it
 */
public record TableUpdate(
    Optional<Staged> rows, Optional<ContentsChange> change, Position position, String before) {

  /**
   * Rows that were staged, and are to be published.
   *
   * @param load of the server, see {@link ServerDestination#loader}
   */
  public record Staged(LoadSpec load, List<StagedRange> receipts) {

    public Staged {
      receipts = List.copyOf(receipts);
    }

    boolean replace() {
      return load.strategy() == WriteStrategy.REPLACE;
    }
  }

  public TargetTable table() {
    return position.table();
  }

  public String run() {
    return position.run();
  }

  /**
   * Makes sure that the rows still fit the table.
   *
   * @throws DataException if another run changed it meanwhile
   */
  public void requireNotOvertaken(Positions positions) throws SQLException {
    String lastRun = positions.lastRun(table());
    // Written by this one it is by an earlier try, of which nobody heard.
    if (!Objects.equals(before, lastRun) && !position.run().equals(lastRun)) {
      throw new DataException(
          "%s was changed by another run while this one was on its way, whose changes are not applied: run again, one run of a table at a time"
              .formatted(table()));
    }
  }

  /** Whether the rows of another owner are replaced, or nobody knows whose they are. */
  public boolean changesOwner(Positions positions) throws SQLException {
    Stored stored = positions.read(table());
    TableName owner = new TableName(position.position().keyspace(), position.source());
    return rows.filter(Staged::replace).isPresent()
        && (stored == null || !stored.owner().equals(owner));
  }

  /** Notes whose rows are to come, before they do; the table of positions is there. */
  public void claim(Positions positions) throws SQLException {
    positions.claim(position);
  }

  /**
   * Notes where the table stands, in the transaction that publishes the rows or ends that; the
   * table of positions is there.
   *
   * @param now what the table holds with the rows
   */
  public void write(Positions positions, Contents now) throws SQLException {
    positions.write(position, now);
  }
}
