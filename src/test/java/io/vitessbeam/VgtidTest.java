package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import binlogdata.Binlogdata;
import io.vitessbeam.Vgtid.ShardGtid;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VgtidTest {

  private static final Vgtid TWO =
      new Vgtid("customer", List.of(new ShardGtid("-80", "a"), new ShardGtid("80-", "b")));

  @Provide
  Arbitrary<Vgtid> positions() {
    Arbitrary<List<ShardGtid>> shards =
        Combinators.combine(Arbitraries.strings(), Arbitraries.strings())
            .as(ShardGtid::new)
            .list()
            .uniqueElements(ShardGtid::shard)
            .ofMinSize(1)
            .ofMaxSize(5);
    return Combinators.combine(Arbitraries.strings(), shards).as(Vgtid::new);
  }

  /** Protobuf has no lone surrogates, and neither have Vitess's names. */
  @Property
  void isReadAsItWasWritten(@ForAll("positions") Vgtid position) {
    if (!hasLoneSurrogates(position)) {
      assertThat(Vgtid.decode(position.encode())).isEqualTo(position);
      assertThat(position.encode()).matches("[A-Za-z0-9_-]+");
    }
  }

  private static boolean hasLoneSurrogates(Vgtid position) {
    return position.toString().codePoints().anyMatch(c -> c >= 0xD800 && c < 0xE000);
  }

  @Test
  void isVitesssOwnMessage() throws Exception {
    Binlogdata.VGtid message =
        Binlogdata.VGtid.parseFrom(Base64.getUrlDecoder().decode(TWO.encode()));

    assertThat(message.getShardGtidsList())
        .extracting(Binlogdata.ShardGtid::getKeyspace)
        .containsExactly("customer", "customer");
    assertThat(message.getShardGtids(1).getShard()).isEqualTo("80-");
    assertThat(message.getShardGtids(1).getGtid()).isEqualTo("b");
  }

  @Test
  void knowsItsShards() {
    assertThat(TWO.shardNames()).containsExactly("-80", "80-");
    assertThat(TWO.gtid("80-")).isEqualTo("b");
    assertThat(TWO.startingWith("80-").shardNames()).containsExactly("80-", "-80");
    assertThat(TWO.startingWith("-80")).isEqualTo(TWO);
    assertThatThrownBy(() -> TWO.gtid("0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no shard 0");
  }

  @Test
  void shardsAppearOnceAndAtAll() {
    ShardGtid shard = new ShardGtid("0", "a");

    assertThatThrownBy(() -> new Vgtid("shop", List.of(shard, shard)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Vgtid("shop", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Not base64; not a message; a message without shards. */
  @ParameterizedTest
  @ValueSource(strings = {"%", "____", ""})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Vgtid.decode(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Without the keys it would look like a position to follow from. */
  @Test
  void aPositionInTheMiddleOfACopyIsRefused() {
    Binlogdata.VGtid copying =
        Binlogdata.VGtid.newBuilder()
            .addShardGtids(
                Binlogdata.ShardGtid.newBuilder()
                    .setKeyspace("shop")
                    .setShard("-80")
                    .setGtid("MySQL56/3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5")
                    .addTablePKs(Binlogdata.TableLastPK.newBuilder().setTableName("orders")))
            .build();
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(copying.toByteArray());

    assertThatThrownBy(() -> Vgtid.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in the middle of a copy")
        .hasMessageContaining("table orders on shard shop/-80");
  }

  @Test
  void twoKeyspacesAreRefused() {
    Binlogdata.VGtid message =
        Binlogdata.VGtid.newBuilder()
            .addShardGtids(Binlogdata.ShardGtid.newBuilder().setKeyspace("a").setShard("0"))
            .addShardGtids(Binlogdata.ShardGtid.newBuilder().setKeyspace("b").setShard("0"))
            .build();
    String text = Base64.getUrlEncoder().encodeToString(message.toByteArray());

    assertThatThrownBy(() -> Vgtid.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 keyspaces");
  }
}
