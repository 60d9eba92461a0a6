package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.FakeVtgate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of many shards share what they may keep in memory. */
@Tag("volume")
@Timeout(600)
class ManyShardsIT {

  private static final int SHARDS = 64;

  /** Blocks of half a megabyte: 20 MB of each shard, more than a stream alone may hold. */
  private static final int LAST = 41;

  private static final long GIB = 1L << 30;

  @Test
  void sixtyFourPassInOneGigabyteThoughNobodyTakesWhatTheyRead() throws Exception {
    assertThat(Runtime.getRuntime().maxMemory()).as("heap of the tests").isLessThanOrEqualTo(GIB);
    try (FakeVtgate vtgate = new FakeVtgate()) {
      UnboundedStreamFn function =
          new UnboundedStreamFn(FakeShard.source(vtgate), "", UUID.randomUUID().toString(), true);
      function.setUp();
      List<StreamCalls> streams = new ArrayList<>();
      for (int number = 0; number < SHARDS; number++) {
        FakeShard shard = new FakeShard(vtgate, number).serveOnce(LAST);
        streams.add(new StreamCalls(function, shard.stream(number, SHARDS, 1, 0)));
      }
      List<List<Long>> numbers = new ArrayList<>();
      for (StreamCalls stream : streams) {
        numbers.add(new ArrayList<>());
        while (stream.blocks.isEmpty()) {
          stream.call();
        }
      }
      // They read ahead as far as they may: the longer this is, the stricter is what follows.
      TimeUnit.SECONDS.sleep(3);
      assertThat(usedBytes()).isLessThan(GIB / 2);

      for (boolean more = true; more; ) {
        more = false;
        for (int number = 0; number < SHARDS; number++) {
          StreamCalls stream = streams.get(number);
          if (numbers.get(number).size() + stream.blocks.size() < LAST - 1) {
            stream.call();
            more = true;
          }
          numbers.get(number).addAll(FakeShard.numbers(stream.blocks()));
          stream.blocks.clear();
        }
      }
      function.tearDown();
      List<Long> all = LongStream.rangeClosed(2, LAST).boxed().toList();
      assertThat(numbers).hasSize(SHARDS).allMatch(all::equals);
    }
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
