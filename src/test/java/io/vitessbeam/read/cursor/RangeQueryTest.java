package io.vitessbeam.read.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.RangePosition;
import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.read.ranges.KeyColumn;
import io.vitessbeam.read.resolve.ReadRequest;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeQueryTest {

  private static final VitessUri URI = VitessUri.parse("vitess://u:geh3im@h/ks");
  private static final TableSchema SCHEMA =
      new TableSchema(
          "ks",
          "t`x",
          List.of(
              new Column("id", ColumnType.of(MysqlType.INT), false),
              new Column("f`l", ColumnType.of(MysqlType.FLOAT), true)),
          List.of("id"));
  private static final ReadRequest.Source TABLE = new ReadRequest.Source.Table("t`x");
  private static final String COLUMNS = "SELECT `id`, `f``l` + 0.0 FROM `t``x`";
  private static final RangePosition READ = RangePosition.START.after(7, bound("42"));

  @Test
  void aRange() {
    ReadRange range = range(request(TABLE, "", -1, true), bound("10"), bound("20"));

    assertThat(RangeQuery.sql(range, RangePosition.START))
        .isEqualTo(COLUMNS + " FORCE INDEX (PRIMARY) WHERE `id` >= 10 AND `id` < 20 ORDER BY `id`");
    assertThat(RangeQuery.sql(range, READ))
        .isEqualTo(COLUMNS + " FORCE INDEX (PRIMARY) WHERE `id` > 42 AND `id` < 20 ORDER BY `id`");
  }

  @Test
  void aWholeShard() {
    assertThat(RangeQuery.sql(whole(request(TABLE, "", -1, true)), RangePosition.START))
        .isEqualTo(COLUMNS + " FORCE INDEX (PRIMARY) ORDER BY `id`");
    assertThat(RangeQuery.sql(whole(request(TABLE, "", -1, false)), RangePosition.START))
        .isEqualTo(COLUMNS);
  }

  @Test
  void aFilterAndALimit() {
    ReadRange range = whole(request(TABLE, "`id` >= '3'", 10, false));
    assertThat(RangeQuery.sql(range, RangePosition.START))
        .isEqualTo(COLUMNS + " WHERE `id` >= '3' LIMIT 10");

    ReadRange keyed = whole(request(TABLE, "", 10, true));
    assertThat(RangeQuery.sql(keyed, READ))
        .isEqualTo(COLUMNS + " FORCE INDEX (PRIMARY) WHERE `id` > 42 ORDER BY `id` LIMIT 3");
  }

  @Test
  void aLimitOverShardsIsTheCursors() {
    ReadRequest request = new ReadRequest(URI, SCHEMA, TABLE, "", 10, List.of(), List.of(), 1);
    assertThat(RangeQuery.sql(whole(request), RangePosition.START)).isEqualTo(COLUMNS);
  }

  @Test
  void aQueryIsSentAsItIs() {
    ReadRequest.Source query = new ReadRequest.Source.Query("SELECT 1 AS id, 2 AS f");
    assertThat(RangeQuery.sql(whole(request(query, "", -1, false)), RangePosition.START))
        .isEqualTo("SELECT 1 AS id, 2 AS f");
  }

  @Test
  void namesForMessages() {
    ReadRequest request = request(TABLE, "", -1, true);
    assertThat(whole(request).describe()).isEqualTo("ks.t`x, shard -80");
    assertThat(new ReadRange(request, 5, "", 2, 8, KeyBound.NONE, KeyBound.NONE, 0).describe())
        .isEqualTo("ks.t`x, range 3 of 8");
    assertThat(whole(request).toString()).doesNotContain("geh3im");
  }

  @Test
  void onlyAReadThatHasItsKeyCanGoOn() {
    assertThat(request(TABLE, "", -1, true).resumable()).isTrue();
    assertThat(request(TABLE, "", -1, false).resumable()).isFalse();
    ReadRequest withoutKey =
        new ReadRequest(
            URI,
            SCHEMA.withColumns(List.of(SCHEMA.columns().get(1))),
            TABLE,
            "",
            -1,
            List.of("-80"),
            List.of(new KeyColumn("id", MysqlType.INT)),
            1);
    assertThat(withoutKey.resumable()).isFalse();
  }

  private static ReadRequest request(
      ReadRequest.Source source, String filter, long limit, boolean keyed) {
    List<KeyColumn> key = keyed ? List.of(new KeyColumn("id", MysqlType.INT)) : List.of();
    return new ReadRequest(URI, SCHEMA, source, filter, limit, List.of("-80"), key, 4);
  }

  private static ReadRange whole(ReadRequest request) {
    return new ReadRange(request, 5, "-80", 0, 1, KeyBound.NONE, KeyBound.NONE, 0);
  }

  private static ReadRange range(ReadRequest request, KeyBound lower, KeyBound upper) {
    return new ReadRange(request, 5, "-80", 0, 1, lower, upper, 0);
  }

  private static KeyBound bound(String literal) {
    return new KeyBound(List.of(literal));
  }
}
