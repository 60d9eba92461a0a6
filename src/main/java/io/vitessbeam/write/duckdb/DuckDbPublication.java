package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.Receipts;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;

/** Reconciles what was read with what is staged, and only then brings it into the target. */
final class DuckDbPublication {

  private final DuckDbStagingArea area;
  private final LoadId<DuckDbUri> id;
  private final Receipts read;

  /**
   * @param id in the run that it is published for
   */
  DuckDbPublication(DuckDbStagingArea area, LoadId<DuckDbUri> id, Receipts read) {
    this.area = area;
    this.id = id;
    this.read = read;
  }

  /** The number of rows published, now or by another attempt of the run. */
  long publish() {
    try {
      OptionalLong before = area.publishedBy(id);
      if (before.isPresent()) {
        area.drop();
        return before.getAsLong();
      }
      if (!area.isStaged()) {
        throw read.failure("nothing of this run is staged in " + id.place());
      }
      Map<Integer, Long> ledger = area.ledger();
      Long removed = ledger.remove(DuckDbStagingArea.REMOVED);
      read.requireStaged(ledger, area.countStaged() + (removed == null ? 0 : removed));
      area.failIfNotReplaceable();
      area.makeUnique();
      long left = area.countStaged();
      area.publish(id, left);
      return left;
    } catch (SQLException e) {
      throw area.failure("Publishing", e);
    }
  }
}
