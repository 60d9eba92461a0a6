package io.vitessbeam.write.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.StreamedChanges;
import io.vitessbeam.vstream.position.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever a runner does with the changes of a stream, they are applied once, in their order. */
class ChangesInOrderTest {

  private static final String SERVER = "MySQL56/e85748bd-ecb0-11f1-8acf-02fc00000001:1-";

  private static final TableSchema TABLE =
      new TableSchema(
          "shop",
          "t",
          List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
          List.of("id"));

  private static Block block(int number) {
    byte[] bytes = ("\u0001" + (char) ('a' + number)).getBytes(StandardCharsets.US_ASCII);
    return new Block(TABLE, new Origin(1, 0, 1, number, -1, "0"), 1, bytes, bytes.length);
  }

  /** Blocks from a number on, behind which the stream has so many transactions. */
  private static StreamedChanges changes(int first, int blocks, int transactions) {
    List<Block> all = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      all.add(block(first + i));
    }
    return new StreamedChanges(
        7, "0", all, at(first + blocks, transactions), transactions, transactions, "");
  }

  private static StreamPosition at(long blocks, int transactions) {
    return new StreamPosition(
        SERVER + transactions, ByteString.EMPTY, true, 0, blocks, blocks, Map.of(), false);
  }

  private static Gathered applied(long blocks) {
    return Gathered.NOTHING.after(
        Map.of("0", new Gathered.Applied(blocks, SERVER + blocks, false, List.of())), List.of());
  }

  private static List<Long> numbers(ChangesInOrder changes) {
    return changes.shards().get("0").blocks().stream()
        .map(block -> block.origin().sequence())
        .toList();
  }

  /** In any order, some of them twice, in any number of flushes. */
  @Property
  void eachBlockIsAppliedOnce(@ForAll long seed) {
    Random random = new Random(seed);
    List<StreamedChanges> given = new ArrayList<>();
    int blocks = 0;
    for (int i = 1; i <= 20; i++) {
      int more = random.nextInt(4);
      given.add(changes(blocks, more, i));
      blocks += more;
    }
    List<StreamedChanges> delivered = new ArrayList<>(given);
    given.stream().filter(each -> random.nextInt(4) == 0).forEach(delivered::add);
    Collections.shuffle(delivered, random);

    List<Long> applied = new ArrayList<>();
    Gathered gathered = Gathered.NOTHING;
    List<StreamedChanges> waiting = new ArrayList<>();
    String gtid = "";
    for (int i = 0; i < delivered.size(); i++) {
      waiting.add(delivered.get(i));
      if (random.nextBoolean() || i == delivered.size() - 1) {
        ChangesInOrder flush = ChangesInOrder.of(waiting, gathered);
        if (flush.shards().containsKey("0")) {
          applied.addAll(numbers(flush));
          gathered = gathered.after(Map.of("0", flush.shards().get("0").applied()), flush.left());
          gtid = flush.shards().get("0").after().gtid();
        }
        waiting = new ArrayList<>(flush.left());
      }
    }

    assertThat(waiting).isEmpty();
    assertThat(applied).hasSize(blocks).isSorted().doesNotHaveDuplicates();
    assertThat(gathered.of("0").blocks()).isEqualTo(blocks);
    assertThat(gtid).isNotEmpty();
  }

  @Test
  void whatComesBeforeAMissingBlockIsApplied() {
    ChangesInOrder flush =
        ChangesInOrder.of(
            List.of(changes(5, 1, 9), changes(0, 2, 4), changes(2, 1, 6)), applied(0));

    assertThat(numbers(flush)).containsExactly(0L, 1L, 2L);
    assertThat(flush.shards().get("0").after().gtid()).isEqualTo(SERVER + 6);
    assertThat(flush.left()).containsExactly(changes(5, 1, 9));
  }

  @Test
  void whatWasAppliedIsCutOff() {
    ChangesInOrder flush = ChangesInOrder.of(List.of(changes(0, 4, 8)), applied(3));

    assertThat(numbers(flush)).containsExactly(3L);
  }

  @Test
  void ofPositionsBetweenTwoBlocksTheLastCounts() {
    ChangesInOrder flush =
        ChangesInOrder.of(List.of(changes(3, 0, 12), changes(3, 0, 10)), applied(3));

    assertThat(flush.shards().get("0").after().gtid()).isEqualTo(SERVER + 12);
    assertThat(flush.left()).isEmpty();
  }

  @Test
  void whatEndsTheEpochIsNotLostBehindAPosition() {
    StreamedChanges outdated =
        new StreamedChanges(7, "0", List.of(), at(3, 10), 0, 0, "a table is new");
    ChangesInOrder flush = ChangesInOrder.of(List.of(changes(3, 0, 12), outdated), applied(3));

    assertThat(flush.shards().get("0").outdated()).isEqualTo("a table is new");
  }
}
