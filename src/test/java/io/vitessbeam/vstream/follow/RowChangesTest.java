package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.testing.ShardEvents.column;
import static io.vitessbeam.testing.ShardEvents.deleted;
import static io.vitessbeam.testing.ShardEvents.inserted;
import static io.vitessbeam.testing.ShardEvents.row;
import static io.vitessbeam.testing.ShardEvents.updated;
import static io.vitessbeam.testing.ShardEvents.withColumns;
import static io.vitessbeam.testing.ShardEvents.withPartialJson;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.last;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import binlogdata.Binlogdata.RowChange;
import binlogdata.Binlogdata.VEvent;
import io.vitess.proto.Query;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the images of a changed row, complete or not. */
@Timeout(60)
class RowChangesTest {

  /** Two keys, a number, a text and two documents. */
  private static final TableSchema WIDE =
      new TableSchema(
          "shop",
          "w",
          List.of(
              new Column("a", ColumnType.of(MysqlType.INT), false),
              new Column("n", ColumnType.of(MysqlType.INT), true),
              new Column("x", ColumnType.of(MysqlType.TEXT), true),
              new Column("j", ColumnType.of(MysqlType.JSON), true),
              new Column("k", ColumnType.of(MysqlType.JSON), true),
              new Column("b", ColumnType.of(MysqlType.INT), false)),
          List.of("a", "b"));

  private StreamFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new StreamFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static VEvent fields() {
    return SHOP.fields(
        "w",
        column("a", Query.Type.INT32, "int"),
        column("n", Query.Type.INT32, "int"),
        column("x", Query.Type.TEXT, "text"),
        column("j", Query.Type.JSON, "json"),
        column("k", Query.Type.JSON, "json"),
        column("b", Query.Type.INT32, "int"));
  }

  private List<ShardReader.Item> items(RowChange... changes) throws InterruptedException {
    fixture.vtgate.next(send(transaction(4, fields(), SHOP.rows("w", changes))));
    return fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 4, WIDE));
  }

  private List<String> rows(RowChange... changes) throws InterruptedException {
    return StreamFixture.rows(items(changes));
  }

  private void assertBroken(String reason, RowChange... changes) throws InterruptedException {
    List<ShardReader.Item> items = items(changes);
    assertThat(StreamFixture.rows(items)).isEmpty();
    assertThat(last(items).end().broken()).containsOnlyKeys("w");
    assertThat(last(items).end().broken().get("w")).contains(reason);
  }

  @Test
  void anUpdateIsTheRowAfterIt() throws InterruptedException {
    assertThat(rows(updated(row(1, 5, "x", "{}", null, 2), row(1, 6, null, "[]", "1", 2))))
        .containsExactly("w UPDATE 1,6,-,[],1,2 4.1");
  }

  @Test
  void theRowBeforeAnUpdateComesOnRequest() throws InterruptedException {
    fixture.before = true;

    assertThat(
            rows(
                updated(row(1, 5, "x", "{}", null, 2), row(1, 6, "x", "{}", null, 2)),
                deleted(1, 6, "x", "{}", null, 2)))
        .containsExactly(
            "w BEFORE 1,5,x,{},-,2 4.1", "w UPDATE 1,6,x,{},-,2 4.2", "w DELETE 1,6,x,{},-,2 4.3");
  }

  @Test
  void anotherKeyIsADeleteAndAnInsert() throws InterruptedException {
    fixture.before = true;

    assertThat(rows(updated(row(1, 5, "x", "{}", null, 2), row(1, 5, "x", "{}", null, 3))))
        .containsExactly("w DELETE 1,5,x,{},-,2 4.1", "w INSERT 1,5,x,{},-,3 4.2");
  }

  /** The bits of the columns come least significant first: of eight columns, the first. */
  @Test
  void columnsThatDidNotComeAreMarked() throws InterruptedException {
    assertThat(
            rows(
                withColumns(
                    updated(row(1, 5, null, "{}", null, 2), row(1, 6, null, "{}", null, 2)),
                    true,
                    true,
                    false,
                    true,
                    true,
                    true)))
        .containsExactly("w UPDATE 1,6,?,{},-,2 4.1");
  }

  @Test
  void aKeyThatDidNotComeIsTheOneBefore() throws InterruptedException {
    assertThat(
            rows(
                withColumns(
                    updated(
                        row(1, null, null, null, null, 2), row(null, 6, null, null, null, null)),
                    false,
                    true,
                    false,
                    false,
                    false,
                    false)))
        .containsExactly("w UPDATE 1,6,?,?,?,2 4.1");
  }

  /** Rows with and without all columns in one block. */
  @Test
  void marksAreOfTheirRow() throws InterruptedException {
    RowChange whole = updated(row(1, 5, "x", "{}", null, 2), row(1, 6, "y", "{}", null, 2));
    RowChange partial =
        withColumns(
            updated(row(1, 6, null, "{}", null, 2), row(1, 7, null, "{}", null, 2)),
            true,
            true,
            false,
            true,
            true,
            true);

    assertThat(rows(whole, partial, whole, partial))
        .containsExactly(
            "w UPDATE 1,6,y,{},-,2 4.1",
            "w UPDATE 1,7,?,{},-,2 4.2",
            "w UPDATE 1,6,y,{},-,2 4.3",
            "w UPDATE 1,7,?,{},-,2 4.4");
  }

  @Test
  void anotherKeyWithoutAllColumnsBreaksTheTable() throws InterruptedException {
    assertBroken(
        "the key of a row changed",
        withColumns(
            updated(row(1, 5, null, "{}", null, 2), row(1, 5, null, "{}", null, 3)),
            true,
            true,
            false,
            true,
            true,
            true));
  }

  /** With NOBLOB, a text that was not given is NULL. */
  @Test
  void aNewRowWithoutItsTextHasNone() throws InterruptedException {
    assertThat(
            rows(
                withColumns(
                    inserted(1, 5, null, "{}", null, 2), true, true, false, true, true, true)))
        .containsExactly("w INSERT 1,5,-,{},-,2 4.1");
  }

  /** With MINIMAL, it has the default of its column, which doesn't come. */
  @Test
  void aNewRowWithoutANumberBreaksTheTable() throws InterruptedException {
    assertBroken(
        "without column n (binlog_row_image)",
        withColumns(inserted(1, null, "x", "{}", null, 2), true, false, true, true, true, true));
  }

  @Test
  void aDeleteWithoutItsKeyBreaksTheTable() throws InterruptedException {
    assertBroken("without the key", deleted(1, 5, "x", "{}", null, null));
  }

  @Test
  void anEmptyDifferenceOfAJsonIsNoChange() throws InterruptedException {
    assertThat(
            rows(
                withPartialJson(
                    updated(row(1, 5, "x", "{\"a\": 1}", "[1]", 2), row(1, 6, "x", "", "[2]", 2)),
                    true,
                    false)))
        .containsExactly("w UPDATE 1,6,x,{\"a\": 1},[2],2 4.1");
  }

  /** The bits count the JSON columns alone. */
  @Test
  void theSecondJsonMayBeTheOneWithADifference() throws InterruptedException {
    assertThat(
            rows(
                withPartialJson(
                    updated(row(1, 5, "x", "{}", "[1]", 2), row(1, 5, "x", null, "", 2)),
                    false,
                    true)))
        .containsExactly("w UPDATE 1,5,x,-,[1],2 4.1");
  }

  @Test
  void aDifferenceOfAJsonIsRefused() {
    assertThatThrownBy(
            () ->
                rows(
                    withPartialJson(
                        updated(
                            row(1, 5, "x", "{}", "[1]", 2),
                            row(1, 5, "x", "JSON_REMOVE(%s, _utf8mb4'$.a')", "[1]", 2)),
                        true,
                        false)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Column j of shop.w")
        .hasMessageContaining("binlog_row_value_options=''");
  }

  /** As a shard has it on which the columns were made in another order. */
  @Test
  void valuesAreFoundByTheNamesOfTheirColumns() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                SHOP.fields("t", StreamFixture.name(), StreamFixture.id()),
                SHOP.insert("t", "a", 1))));

    assertThat(fixture.rows(fixture.stream(StreamPosition.at(gtid(3)), 4, StreamFixture.T)))
        .containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void columnsThatAreNotWantedAreLeftOut() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                SHOP.fields(
                    "t",
                    StreamFixture.id(),
                    column("secret", Query.Type.VARCHAR, "varchar(9)"),
                    StreamFixture.name()),
                SHOP.insert("t", 1, "password", "a"))));

    assertThat(fixture.rows(fixture.stream(StreamPosition.at(gtid(3)), 4, StreamFixture.T)))
        .containsExactly("t INSERT 1,a 4.1");
  }

  @Test
  void aMissingColumnThatCanBeNullIsNull() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, SHOP.fields("t", StreamFixture.id()), SHOP.insert("t", 1))));

    List<ShardReader.Item> items =
        fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 4, StreamFixture.T));

    assertThat(StreamFixture.rows(items)).containsExactly("t INSERT 1,- 4.1");
    assertThat(last(items).end().broken()).isEqualTo(Map.of());
  }
}
