package io.vitessbeam.write.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.StreamedChanges;
import io.vitessbeam.vstream.StreamedChangesCoder;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.Successor;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** What a stream keeps in a runner's checkpoint comes back as it was. */
class StateCodersTest {

  private static final TableSchema TABLE =
      new TableSchema(
          "shop",
          "t",
          List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
          List.of("id"));

  private static final Gathered GATHERED =
      new Gathered(
          Long.MIN_VALUE,
          1_704_067_230_000L,
          70_000,
          1L << 33,
          Map.of(
              "-80",
              new Gathered.Applied(9, "MySQL56/x:1-8", false, List.of()),
              "80-",
              new Gathered.Applied(
                  1,
                  "MySQL56/y:1-2",
                  true,
                  List.of(new ShardGtid("80-c0", "MySQL56/a:1"), new ShardGtid("c0-", "")))));

  private static StreamedChanges changes() {
    StreamPosition after =
        new StreamPosition(
            "MySQL56/x:1-8",
            ByteString.EMPTY,
            true,
            0,
            2,
            2,
            Map.of("other", "it was altered"),
            List.of(new Successor("80-", "MySQL56/y:1", 4, 1_704_067_200_000L)),
            true);
    byte[] bytes = {1, '7'};
    Block block = new Block(TABLE, new Origin(1, 0, 1, 1, -1, "0"), 1, bytes, bytes.length);
    return new StreamedChanges(
        7, "0", List.of(block, block), after, 1_704_067_200_000L, 7, "resharded");
  }

  @Test
  void everythingComesBack() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(new GatheredCoder(), GATHERED);
    CoderProperties.coderDecodeEncodeEqual(new GatheredCoder(), Gathered.NOTHING);
    StreamedChanges changes = changes();
    StreamedChanges back = CoderUtils.clone(StreamedChangesCoder.of(), changes);
    assertThat(back).usingRecursiveComparison().ignoringFields("blocks").isEqualTo(changes);
    assertThat(back.blocks()).hasSameSizeAs(changes.blocks());
    assertThat(CoderUtils.encodeToByteArray(StreamedChangesCoder.of(), back))
        .isEqualTo(CoderUtils.encodeToByteArray(StreamedChangesCoder.of(), changes));
  }

  @Test
  void whatALaterVersionSavedIsRefused() {
    assertRefused(new GatheredCoder(), CoderException.class, 2);
    assertRefused(StreamedChangesCoder.of(), CoderException.class, 2);
    assertRefused(new GatheredCoder(), EOFException.class);
    assertRefused(StreamedChangesCoder.of(), EOFException.class);
  }

  private static void assertRefused(
      Coder<?> coder, Class<? extends Exception> failure, int... bytes) {
    byte[] saved = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      saved[i] = (byte) bytes[i];
    }
    assertThatThrownBy(() -> coder.decode(new ByteArrayInputStream(saved))).isInstanceOf(failure);
  }
}
