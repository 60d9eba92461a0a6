package io.vitessbeam.vstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.vstream.position.ShardStream;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

/** A stream goes on from a runner's state in a pipeline that was built anew. */
class RestoredStreamTest {

  private static final int LAST = 12;

  /** As after a move of vtgate, or another password: state says nothing of either. */
  @Test
  void itGoesOnAtTheAddressOfItsPipeline() throws Exception {
    ShardStream stream;
    StreamCalls calls;
    try (FakeVtgate vtgate = new FakeVtgate()) {
      stream = new FakeShard(vtgate, 0).serve(LAST).stream(7, 64, 1, LAST);
      StreamFn<?> before = function(vtgate);
      calls = new StreamCalls(before, stream);
      while (calls.blocks.isEmpty()) {
        calls.call();
      }
      before.tearDown();
    }
    assertThat(calls.blocks).hasSizeBetween(1, LAST - 2);

    try (FakeVtgate moved = new FakeVtgate()) {
      new FakeShard(moved, 0).serve(LAST);
      StreamFn<?> restored = function(moved);
      while (!calls.position.done()) {
        calls.call(restored, 0);
      }
      restored.tearDown();

      assertThat(moved.requests()).as("streams").hasSize(1);
      assertThat(new String(SerializableUtils.serializeToByteArray(stream), ISO_8859_1))
          .contains("shop")
          .doesNotContain(FakeShard.source(moved).grpc().host());
    }
    assertThat(FakeShard.numbers(calls.blocks()))
        .isEqualTo(LongStream.rangeClosed(2, LAST).boxed().toList());
  }

  private static StreamFn<?> function(FakeVtgate vtgate) {
    String read = UUID.randomUUID().toString();
    StreamFn<?> function = new BoundedStreamFn(FakeShard.source(vtgate), "", read);
    function.setUp();
    return function;
  }
}
