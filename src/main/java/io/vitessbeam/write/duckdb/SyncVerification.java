package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reconciles what a round read with what it staged. */
final class SyncVerification {

  private final SyncRound round;
  private final Set<SyncReceipt> receipts;
  private final SyncStagedTables staged;

  /**
   * @param receipts of all rounds
   */
  SyncVerification(SyncRound round, List<SyncReceipt> receipts, SyncStagedTables staged) {
    this.round = round;
    this.receipts = new HashSet<>();
    for (SyncReceipt receipt : receipts) {
      if (SyncPart.parse(receipt.part()).round() == round.plan().round()) {
        this.receipts.add(receipt);
      }
    }
    this.staged = staged;
  }

  /** Fails unless every copy and every stream is staged completely. */
  void verify(SyncArea area) throws SQLException {
    SyncPlan plan = round.plan();
    SyncLedger ledger = area.ledger(plan.round());
    if (!ledger.isThere()) {
      throw incomplete("nothing of it is staged");
    }
    Set<SyncReceipt> entered = new HashSet<>(ledger.receipts());
    if (!entered.equals(receipts)) {
      throw incomplete("the receipts are " + receipts + ", but the ledger has " + entered);
    }
    // A former try counted them before it merged the changes into them.
    Set<String> completed = ledger.completedCopies().keySet();
    for (TablePlan table : plan.tables()) {
      if (table.copies()) {
        verifyCopy(table, completed);
      }
    }
    verifyStreams();
  }

  private void verifyCopy(TablePlan table, Set<String> completed) {
    List<SyncReceipt> ofTable =
        receipts.stream()
            .filter(receipt -> SyncPart.parse(receipt.part()).kind() == SyncPart.Kind.COPY)
            .filter(receipt -> receipt.table().equals(table.table()))
            .toList();
    String name = table.schema().qualifiedName();
    if (ofTable.isEmpty()) {
      throw incomplete("no range of " + name + " was copied, not even an empty one");
    }
    failUnlessComplete(name, ofTable);
    if (completed.contains(table.table())) {
      return;
    }
    long rows = ofTable.stream().mapToLong(SyncReceipt::rows).sum();
    long inTables = staged.copied(round.plan().indexOf(table.table()));
    if (rows != inTables) {
      throw incomplete(
          "%d rows of %s were copied, but its staging tables hold %d"
              .formatted(rows, name, inTables));
    }
  }

  private void verifyStreams() {
    List<SyncReceipt> streams =
        receipts.stream()
            .filter(receipt -> SyncPart.parse(receipt.part()).kind() == SyncPart.Kind.STREAM)
            .toList();
    if (streams.size() != round.ends().size()) {
      throw incomplete(
          "%d streams ended, and %d are staged".formatted(round.ends().size(), streams.size()));
    }
    failUnlessComplete("the changes", streams);
    for (StreamEnd end : round.ends()) {
      long inLedger =
          streams.stream()
              .filter(receipt -> receipt.range() == end.range())
              .mapToLong(SyncReceipt::rows)
              .findFirst()
              .orElse(-1);
      long inTables = staged.streamed(round.plan().shards().indexOf(end.shard()));
      if (inLedger != end.rows() || inTables != end.rows()) {
        throw incomplete(
            "the stream of shard %s gave %d rows, the ledger has %d, the staging tables hold %d"
                .formatted(end.shard(), end.rows(), inLedger, inTables));
      }
    }
  }

  private void failUnlessComplete(String what, List<SyncReceipt> ranges) {
    int count = ranges.get(0).ranges();
    Set<Integer> indexes = new TreeSet<>();
    for (SyncReceipt range : ranges) {
      if (range.ranges() != count
          || range.plan() != ranges.get(0).plan()
          || !indexes.add(range.range())) {
        throw incomplete("receipts of " + what + " don't agree, one is " + range);
      }
    }
    if (indexes.size() != count) {
      throw incomplete(
          "%d of %d ranges of %s were staged completely, %s"
              .formatted(indexes.size(), count, what, indexes));
    }
  }

  private static DataException incomplete(String why) {
    return new DataException("Nothing is published: " + why);
  }
}
