package io.vitessbeam.vstream.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.Vgtid;
import io.vitessbeam.vstream.follow.StreamFixture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdcLsnTest {

  private static final Vgtid RESUME =
      new Vgtid(
          "shop",
          List.of(
              new Vgtid.ShardGtid("80-", StreamFixture.gtid(5)),
              new Vgtid.ShardGtid("-80", StreamFixture.gtid(9))));

  @Property
  void textsSortAsTheirNumbersDo(
      @ForAll @IntRange(max = 999_999) int epochA,
      @ForAll @IntRange(max = 999_999) int epochB,
      @ForAll @LongRange(min = 0) long rankA,
      @ForAll @LongRange(min = 0) long rankB,
      @ForAll @LongRange(min = 0, max = 9_999_999_999L) long rowA,
      @ForAll @LongRange(min = 0, max = 9_999_999_999L) long rowB) {
    CdcLsn a = new CdcLsn(epochA, rankA, rowA, RESUME);
    // Equal parts are as likely as others.
    CdcLsn b =
        new CdcLsn(rankA % 2 == 0 ? epochA : epochB, rowA % 2 == 0 ? rankA : rankB, rowB, RESUME);
    Comparator<CdcLsn> order =
        Comparator.comparingInt(CdcLsn::epoch)
            .thenComparingLong(CdcLsn::rank)
            .thenComparingLong(CdcLsn::row);

    int texts = Arrays.compareUnsigned(bytes(a), bytes(b));

    assertThat(Integer.signum(texts)).isEqualTo(Integer.signum(order.compare(a, b)));
    assertThat(CdcLsn.order(a.epoch(), a.rank(), a.row())).hasSize(CdcLsn.ORDER_LENGTH);
    assertThat(CdcLsn.parse(a.toString())).isEqualTo(a);
  }

  private static byte[] bytes(CdcLsn lsn) {
    return lsn.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theFirstShardIsTheRowsOwn() {
    CdcLsn lsn = CdcLsn.parse("000002.00000000000000000017.0000000003:" + RESUME.encode());

    assertThat(lsn).isEqualTo(new CdcLsn(2, 17, 3, RESUME));
    assertThat(lsn.shard()).isEqualTo("80-");
  }

  /** In some, digits are others than 0 to 9. */
  @Test
  void theLocaleDoesNotMatter() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(CdcLsn.order(1, 2, 3)).isEqualTo("000001.00000000000000000002.0000000003");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @Test
  void whatDoesNotSortIsRefused() {
    assertThatThrownBy(() -> CdcLsn.order(1_000_000, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CdcLsn.order(0, -1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CdcLsn(0, 0, 10_000_000_000L, RESUME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "000001.00000000000000000002.0000000003",
        "000001.00000000000000000002.0000000003:",
        "000001.00000000000000000002.0000000003:%%%",
        "000001.00000000000000000002.0000000003:AAAA",
        "1.2.3:CgA",
        "000001.99999999999999999999.0000000003:CgA"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> CdcLsn.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
