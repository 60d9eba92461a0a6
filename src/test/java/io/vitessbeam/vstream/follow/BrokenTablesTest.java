package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.FakeStep.fail;
import static io.vitessbeam.testing.FakeStep.send;
import static io.vitessbeam.testing.ShardEvents.column;
import static io.vitessbeam.vstream.follow.StreamFixture.SHOP;
import static io.vitessbeam.vstream.follow.StreamFixture.T;
import static io.vitessbeam.vstream.follow.StreamFixture.U;
import static io.vitessbeam.vstream.follow.StreamFixture.fields;
import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static io.vitessbeam.vstream.follow.StreamFixture.id;
import static io.vitessbeam.vstream.follow.StreamFixture.last;
import static io.vitessbeam.vstream.follow.StreamFixture.rows;
import static io.vitessbeam.vstream.follow.StreamFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import binlogdata.Binlogdata.Rule;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.vitess.proto.Query;
import io.vitess.proto.Query.Field;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table whose changes can't be told any more is left out, and the others go on. */
@Timeout(60)
class BrokenTablesTest {

  private StreamFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new StreamFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private List<ShardReader.Item> until(long end) throws InterruptedException {
    return fixture.read(fixture.stream(StreamPosition.at(gtid(3)), end, T, U));
  }

  /** The tables that were asked for, call by call. */
  private List<List<String>> asked() {
    return fixture.vtgate.requests().stream()
        .map(request -> request.getFilter().getRulesList().stream().map(Rule::getMatch).toList())
        .toList();
  }

  private static void assertBroken(List<ShardReader.Item> items, String table, String reason) {
    Map<String, String> broken = last(items).end().broken();
    assertThat(broken).containsOnlyKeys(table);
    assertThat(broken.get(table)).contains(reason);
    assertThat(last(items).after().broken()).isEqualTo(broken);
  }

  private void assertFieldsBreak(String reason, Field... fields) throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                SHOP.fields("t", fields),
                fields("u"),
                SHOP.insert("u", 1, "a"),
                SHOP.insert("t", 1, "a"),
                SHOP.insert("u", 2, "b"))),
        send(transaction(5, SHOP.insert("t", 2, "b"), SHOP.insert("u", 3, "c"))));

    List<ShardReader.Item> items = until(5);

    assertThat(rows(items))
        .containsExactly("u INSERT 1,a 4.1", "u INSERT 2,b 4.2", "u INSERT 3,c 5.1");
    assertThat(last(items).end().rows()).isEqualTo(3);
    assertBroken(items, "t", reason);
  }

  @Test
  void columnsWithoutNames() throws InterruptedException {
    assertFieldsBreak(
        "can't name", column("@1", Query.Type.INT64, ""), column("@2", Query.Type.VARCHAR, ""));
  }

  @Test
  void aMissingColumnThatCanNotBeNull() throws InterruptedException {
    assertFieldsBreak(
        "lack column id",
        column("name", Query.Type.VARCHAR, "varchar(20)"),
        column("other", Query.Type.VARCHAR, "varchar(20)"));
  }

  @Test
  void anotherType() throws InterruptedException {
    assertFieldsBreak(
        "column id had another type",
        column("id", Query.Type.INT32, "int"),
        column("name", Query.Type.VARCHAR, "varchar(20)"));
  }

  @Test
  void aDdlOfTheTable() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4, fields("t"), fields("u"), SHOP.insert("t", 1, "a"), SHOP.insert("u", 1, "a"))),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("alter table t modify column `name` varchar(40)")),
        send(transaction(6, fields("t"), SHOP.insert("t", 2, "b"), SHOP.insert("u", 2, "b"))));

    List<ShardReader.Item> items = until(6);

    assertThat(rows(items)).containsExactly("u INSERT 1,a 4.1", "u INSERT 2,b 6.1");
    assertBroken(items, "t", "it was altered: alter table t modify column `name` varchar(40)");
  }

  @Test
  void aDdlOfAnotherTableOrOfNone() throws InterruptedException {
    fixture.vtgate.next(
        send(SHOP.vgtid(gtid(4)), SHOP.ddl("alter table x add column t int not null")),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("CREATE DEFINER=`a`@`%` TRIGGER b BEFORE INSERT ON t")),
        send(SHOP.vgtid(gtid(6)), SHOP.ddl("CREATE USER 't'@'%' IDENTIFIED BY 'x'")));

    assertThat(last(until(6)).end().broken()).isEmpty();
  }

  @Test
  void aDdlThatIsNotUnderstoodBreaksAll() throws InterruptedException {
    fixture.vtgate.next(send(SHOP.vgtid(gtid(4)), SHOP.ddl("drop everything")));

    assertThat(last(until(9)).end().broken()).containsOnlyKeys("t", "u");
  }

  @Test
  void aTruncateIsARow() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("truncate table t")),
        send(transaction(6, SHOP.insert("t", 1, "b"))));

    List<ShardReader.Item> items = until(6);

    assertThat(rows(items))
        .containsExactly("t INSERT 1,a 4.1", "t TRUNCATE -,- 5.1", "t INSERT 1,b 6.1");
    assertThat(last(items).end().broken()).isEmpty();
  }

  /** As it was before a column was added that the schema has already. */
  @Test
  void aColumnThatIsAddedIsNullBefore() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, SHOP.fields("t", id()), SHOP.insert("t", 1))),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("alter table t add column `name` varchar(20)")),
        send(transaction(6, fields("t"), SHOP.insert("t", 2, "b"))));

    List<ShardReader.Item> items = until(6);

    assertThat(rows(items)).containsExactly("t INSERT 1,- 4.1", "t INSERT 2,b 6.1");
    assertThat(last(items).end().broken()).isEmpty();
  }

  /** Rows from here on would lack it. */
  @Test
  void aColumnThatIsAddedAfterTheSchemaWasRead() throws InterruptedException {
    fixture.vtgate.next(
        send(SHOP.vgtid(gtid(4)), SHOP.ddl("alter table t add column extra varchar(20)")));

    assertBroken(until(4), "t", "add column extra");
  }

  @Test
  void changesThatTheServerCanNotDecode() throws InterruptedException {
    fixture
        .vtgate
        .next(
            send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"), fields("u"))),
            send(transaction(5, SHOP.insert("u", 1, "a"))),
            fail(
                Status.Code.UNKNOWN,
                "error in vstream for shop/0 on tablet zone1-100: cannot determine table columns"
                    + " for t: event has [8 3 15 3], schema has [name:\"id\"]"))
        .next(send(transaction(6, fields("u"), SHOP.insert("u", 2, "b"))));

    List<ShardReader.Item> items = until(6);

    assertThat(rows(items)).containsExactly("u INSERT 1,a 5.1", "u INSERT 2,b 6.1");
    assertBroken(items, "t", "its columns were changed");
    assertThat(asked()).containsExactly(List.of("t", "u"), List.of("u"));
    assertThat(fixture.vtgate.requests().get(1).getVgtid().getShardGtids(0).getGtid())
        .isEqualTo(gtid(5));
  }

  @Test
  void changesOfATableThatIsGone() throws InterruptedException {
    fixture
        .vtgate
        .next(fail(Status.Code.UNKNOWN, "unknown table u in schema"))
        .next(send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))));

    List<ShardReader.Item> items = until(4);

    assertThat(rows(items)).containsExactly("t INSERT 1,a 4.1");
    assertBroken(items, "u", "it was dropped or renamed");
    assertThat(asked()).containsExactly(List.of("t", "u"), List.of("t"));
  }

  /** A table that it doesn't name is as it was. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert into `t` values (1, 'x') | t",
        "update x join shop.T set t.name = x.name | t",
        "delete from x | ''",
        "insert into x values ('t') | ''",
        "replace into t_u values (1) | ''",
      })
  void aStatementInsteadOfRows(String dml, String broken) throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4,
                VEvent.newBuilder().setType(VEventType.UPDATE).setDml(dml).build(),
                fields("u"),
                SHOP.insert("u", 1, "a"))));

    List<ShardReader.Item> items = until(4);

    assertThat(rows(items)).containsExactly("u INSERT 1,a 4.1");
    if (broken.isEmpty()) {
      assertThat(last(items).end().broken()).isEmpty();
    } else {
      assertBroken(items, broken, "set binlog_format=ROW");
    }
  }

  /** Its values can be had by a query. */
  @Test
  void aDocumentThatIsNoJson() throws InterruptedException {
    TableSchema documents =
        new TableSchema(
            "shop",
            "t",
            List.of(
                new Column("id", ColumnType.of(MysqlType.BIGINT), false),
                new Column("doc", ColumnType.of(MysqlType.JSON), true)),
            List.of("id"));
    fixture.vtgate.next(
        send(
            transaction(
                4,
                SHOP.fields("t", id(), column("doc", Query.Type.JSON, "json")),
                fields("u"),
                SHOP.insert("t", 1, "{\"a\": 000000005}"),
                SHOP.insert("u", 1, "a"))),
        send(
            transaction(
                5,
                SHOP.insert("t", 2, "{\"a\": \"\"base64:type15:AP8=\"}"),
                SHOP.insert("u", 2, "b"))));

    List<ShardReader.Item> items =
        fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 5, documents, U));

    assertThat(rows(items)).containsExactlyInAnyOrder("u INSERT 1,a 4.1", "u INSERT 2,b 5.1");
    assertBroken(items, "t", "a change has in column doc what is no JSON");
  }

  /** Nothing is left to wait for. */
  @Test
  void aStreamEndsWhenAllAreBroken() throws InterruptedException {
    fixture
        .vtgate
        .next(fail(Status.Code.UNKNOWN, "unknown table u in schema"))
        .next(fail(Status.Code.UNKNOWN, "unknown table t in schema"));

    List<ShardReader.Item> items = until(9);

    assertThat(last(items).end().broken()).containsOnlyKeys("t", "u");
    assertThat(last(items).end().gtid()).isEqualTo(gtid(9));
    assertThat(last(items).after().done()).isTrue();
    assertThat(fixture.vtgate.calls()).hasSize(2);
  }

  /** Nothing can come any more; what came before does. */
  @Test
  void anEndlessStreamEndsWhenAllAreBroken() throws InterruptedException {
    fixture.vtgate.next(
        send(transaction(4, fields("t"), SHOP.insert("t", 1, "a"))),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("drop table t")));

    List<ShardReader.Item> items = fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 0, T));

    assertThat(rows(items)).containsExactly("t INSERT 1,a 4.1");
    assertBroken(items, "t", "it was altered: drop table t");
    assertThat(last(items).after().done()).isTrue();
    assertThat(last(items).end().gtid()).isEqualTo(gtid(5));
  }

  /** The others go on. */
  @Test
  void anEndlessStreamGoesOnWithoutOne() throws InterruptedException {
    fixture.vtgate.next(
        send(
            transaction(
                4, fields("t"), fields("u"), SHOP.insert("t", 1, "a"), SHOP.insert("u", 2, "b"))),
        send(SHOP.vgtid(gtid(5)), SHOP.ddl("alter table t drop column name")),
        send(transaction(6, SHOP.insert("u", 3, "c"))));
    ShardReader reader = fixture.open(fixture.stream(StreamPosition.at(gtid(3)), 0, T, U));

    List<ShardReader.Item> items = new ArrayList<>();
    while (rows(items).size() < 3) {
      items.add(StreamFixture.next(reader));
    }

    assertThat(rows(items))
        .containsExactly("t INSERT 1,a 4.1", "u INSERT 2,b 4.1", "u INSERT 3,c 6.1");
    assertThat(items)
        .as("a position behind the statement knows what it did")
        .allMatch(
            item -> item.after().gtid().equals(gtid(4)) != item.after().broken().containsKey("t"));
  }

  @Test
  void brokenTablesStayBroken() throws InterruptedException {
    fixture.vtgate.next(send(transaction(4, fields("t"), fields("u"), SHOP.insert("t", 1, "a"))));
    StreamPosition from =
        new StreamPosition(gtid(3), ByteString.EMPTY, true, 0, 0, 0, Map.of("t", "x"), false);

    List<ShardReader.Item> items = fixture.read(fixture.stream(from, 4, T, U));

    assertThat(rows(items)).isEmpty();
    assertBroken(items, "t", "x");
    assertThat(asked()).containsExactly(List.of("u"));
  }

  /** A table with a name that needs quotes. */
  @Test
  void oddNames() throws InterruptedException {
    String name = "my `odd` tàble:";
    fixture
        .vtgate
        .next(
            fail(
                Status.Code.UNKNOWN,
                "cannot determine table columns for " + name + ": event has [8], schema has []"))
        .next(FakeStep.send(List.<VEvent>copyOf(transaction(4))));

    List<ShardReader.Item> items =
        fixture.read(fixture.stream(StreamPosition.at(gtid(3)), 4, T, StreamFixture.table(name)));

    assertBroken(items, name, "its columns were changed");
    Rule rule = fixture.vtgate.requests().get(0).getFilter().getRules(1);
    assertThat(rule.getMatch()).isEqualTo(name);
    assertThat(rule.getFilter()).isEqualTo("select * from `my ``odd`` tàble:`");
  }
}
