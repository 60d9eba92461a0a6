package io.vitessbeam.vstream.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vitessbeam.Vgtid.ShardGtid;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class StreamPositionCoderTest {

  private static final StreamPositionCoder CODER = StreamPositionCoder.of();

  @Provide
  Arbitrary<StreamPosition> positions() {
    Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(20);
    Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(0);
    return Combinators.combine(
            texts,
            Arbitraries.bytes().array(byte[].class).ofMaxSize(300),
            Arbitraries.of(true, false),
            counts,
            counts,
            counts,
            Combinators.combine(
                    Arbitraries.maps(texts, texts).ofMaxSize(5), successors().list().ofMaxSize(3))
                .as(Map::entry),
            Arbitraries.of(true, false))
        .as(
            (gtid, keys, copied, skip, blocks, rows, more, done) ->
                new StreamPosition(
                    gtid,
                    ByteString.copyFrom(keys),
                    copied,
                    skip,
                    blocks,
                    rows,
                    more.getKey(),
                    more.getValue(),
                    done));
  }

  private static Arbitrary<Successor> successors() {
    Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(20);
    Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(0);
    return Combinators.combine(texts, texts, counts, counts).as(Successor::new);
  }

  @Property
  void roundTrip(@ForAll("positions") StreamPosition position) throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, position);
  }

  @Property(tries = 200)
  void twoPositionsInARow(
      @ForAll("positions") StreamPosition first, @ForAll("positions") StreamPosition second)
      throws Exception {
    CoderProperties.coderDecodeEncodeContentsInSameOrder(
        ListCoder.of(CODER), List.of(first, second));
  }

  @Property(tries = 200)
  void aTornPositionIsAnError(@ForAll("positions") StreamPosition position) throws Exception {
    byte[] bytes = CoderUtils.encodeToByteArray(CODER, position);
    for (int length = 0; length < bytes.length; length++) {
      byte[] torn = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> CODER.decode(new ByteArrayInputStream(torn)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void deterministic() throws Exception {
    Map<String, String> one = new LinkedHashMap<>();
    Map<String, String> other = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      one.put("t" + i, "dropped");
      other.put("t" + (39 - i), "dropped");
    }
    assertThatCode(CODER::verifyDeterministic).doesNotThrowAnyException();
    assertThat(CoderUtils.encodeToByteArray(CODER, broken(one)))
        .isEqualTo(CoderUtils.encodeToByteArray(CODER, broken(other)));
  }

  private static StreamPosition broken(Map<String, String> broken) {
    return new StreamPosition("MySQL56/s:1-7", ByteString.EMPTY, true, 1, 2, 3, broken, false);
  }

  /** What a runner has saved must be read by every later version, or be refused. */
  @Test
  void theSavedForm() throws Exception {
    StreamPosition position = broken(Map.of("t", "r"));
    byte[] saved = {1, 1, 13, 'M', 'y', 'S', 'Q', 'L', '5', '6', '/', 's', ':', '1', '-', '7', 0};
    byte[] numbers = {1, 2, 3, 1, 1, 't', 1, 'r'};
    byte[] bytes = Arrays.copyOf(saved, saved.length + numbers.length);
    System.arraycopy(numbers, 0, bytes, saved.length, numbers.length);

    assertThat(CoderUtils.encodeToByteArray(CODER, position)).isEqualTo(bytes);
    assertThat(CoderUtils.decodeFromByteArray(CODER, bytes)).isEqualTo(position);
    bytes[0] = 3;
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(CODER, bytes))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("unknown form 3/1");
  }

  /** Where a stream is in the shards that took the place of its own. */
  @Test
  void theSavedFormAfterAReshard() throws Exception {
    StreamPosition position =
        broken(Map.of())
            .resharded("0", List.of(new ShardGtid("-80", "g"), new ShardGtid("80-", "h")), 9);
    byte[] saved = CoderUtils.encodeToByteArray(CODER, position);

    byte[] successors = {2, 3, '-', '8', '0', 1, 'g', 0, 9, 3, '8', '0', '-', 1, 'h', 0, 9};
    assertThat(saved).startsWith(2, 1, 13).endsWith(successors);
    assertThat(CoderUtils.decodeFromByteArray(CODER, saved)).isEqualTo(position);
  }

  @Test
  void serializable() {
    CoderProperties.coderSerializable(CODER);
  }
}
