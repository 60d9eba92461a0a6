package io.vitessbeam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.schema.discovery.ColumnDefinition;
import io.vitessbeam.schema.discovery.TableDefinition;
import io.vitessbeam.sync.TablePlan.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run does with a table, by what the destination has of it. */
class TableDecisionTest {

  private static final String SERVER = "11111111-2222-3333-4444-555555555555";
  private static final String OTHER = "99999999-2222-3333-4444-555555555555";
  private static final Vgtid STORED = at(SERVER + ":1-50");
  private static final Vgtid EXECUTED = at(SERVER + ":1-80");

  private static final SyncOptions OPTIONS =
      SyncOptions.of(VitessCdcUri.of(VitessUri.parse("vitess://host:1/shop"), "host", 2));

  @Test
  void whatIsNotThereIsCopied() {
    TablePlan plan = decide(OPTIONS, StoredTable.absent("t"), "id", "note");

    assertThat(plan.action()).isEqualTo(Action.COPY);
    assertThat(plan.reason()).isEmpty();
    assertThat(plan.from()).isEqualTo(EXECUTED);
    assertThat(plan.epoch()).isZero();
  }

  @Test
  void aFullRefreshForgetsWhatIsThere() {
    TablePlan plan = decide(OPTIONS.withFullRefresh(true), stored("id", "note"), "id", "note");

    assertThat(plan.action()).isEqualTo(Action.COPY);
    assertThat(plan.from()).isEqualTo(EXECUTED);
    assertThat(plan.epoch()).isZero();
  }

  @Test
  void anUnchangedTableIsFollowed() {
    TablePlan plan = decide(OPTIONS, stored("id", "note"), "id", "note");

    assertThat(plan.action()).isEqualTo(Action.FOLLOW);
    assertThat(plan.from()).isEqualTo(STORED);
    assertThat(plan.epoch()).isEqualTo(4);
  }

  @Test
  void aTableOfUnknownDefinitionIsFollowedIfItHasTheColumns() {
    StoredTable stored = StoredTable.unknown("t", STORED, 4, List.of("ID", "_cdc_lsn"));

    assertThat(decide(OPTIONS, stored, "id").action()).isEqualTo(Action.FOLLOW);
    assertThatThrownBy(() -> decide(OPTIONS, stored, "id", "more", "most"))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("shop.t")
        .hasMessageContaining("lacks the columns more, most");
  }

  @Test
  void aTableOfUnreadableDefinitionIsCopiedAgain() {
    StoredTable stored = new StoredTable("t", STORED, 4, "something of a later version");

    assertThat(decide(OPTIONS, stored, "id").action()).isEqualTo(Action.COPY_AGAIN);
  }

  @Test
  void newColumnsAreFollowedUnlessFrozen() {
    assertThat(decide(OPTIONS, stored("id"), "id", "more").action()).isEqualTo(Action.FOLLOW);
    assertThatThrownBy(() -> decide(OPTIONS.withFrozenSchema(true), stored("id"), "id", "more"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "shop.t changed, and its schema is to be frozen: column more is new. Allow the change,"
                + " or follow the table with --full-refresh");
  }

  @Test
  void otherColumnsAreCopiedAgainUnlessFrozen() {
    TablePlan plan = decide(OPTIONS, stored("id", "note"), "id");

    assertThat(plan.action()).isEqualTo(Action.COPY_AGAIN);
    assertThat(plan.reason()).contains("note");
    assertThat(plan.from()).isEqualTo(EXECUTED);
    assertThat(plan.epoch()).isEqualTo(4);
    assertThatThrownBy(() -> decide(OPTIONS.withFrozenSchema(true), stored("id", "note"), "id"))
        .isInstanceOf(DataException.class);
  }

  @Test
  void theEpochRisesWhereRanksDoNotGoOn() {
    StoredTable lost =
        new StoredTable("t", at(SERVER + ":1-50," + OTHER + ":1"), 4, text("id", "note"));

    assertThat(decide(OPTIONS, lost, "id").epoch()).isEqualTo(5);
  }

  @Test
  void rowsOfAnotherKeyAreReplaced() {
    TableSchema schema = new TableSchema("shop", "t", columns("id", "note"), List.of("note"));
    CarriedDefinition now =
        CarriedDefinition.of(
            new TableDefinition(definitions("id", "note"), List.of("note")),
            ZeroDates.FAIL,
            schema);

    TablePlan plan = new TableDecision(OPTIONS, EXECUTED).decide(stored("id", "note"), schema, now);

    assertThat(plan.action()).isEqualTo(Action.COPY);
    assertThat(plan.reason()).isEqualTo("the primary key is note and was id");
  }

  @Test
  void aColumnThatWasLeftOutIsCopiedAlsoWhenFrozen() {
    TableDefinition source = new TableDefinition(definitions("id", "note"), List.of("id"));
    StoredTable narrow =
        new StoredTable(
            "t", STORED, 4, CarriedDefinition.of(source, ZeroDates.FAIL, schema("id")).text());

    TablePlan plan = decide(OPTIONS.withFrozenSchema(true), narrow, "id", "note");

    assertThat(plan.action()).isEqualTo(Action.COPY_AGAIN);
    assertThat(plan.reason()).isEqualTo("column note was left out");
  }

  @Test
  void aColumnThatIsLeftOutFromNowOnIsNoReasonToCopy() {
    TableDefinition source = new TableDefinition(definitions("id", "note"), List.of("id"));
    CarriedDefinition now = CarriedDefinition.of(source, ZeroDates.FAIL, schema("id"));

    TablePlan plan =
        new TableDecision(OPTIONS, EXECUTED).decide(stored("id", "note"), schema("id"), now);

    assertThat(plan.action()).isEqualTo(Action.FOLLOW);
  }

  @Test
  void otherZeroDatesAreCopiedAgain() {
    TableDefinition source = new TableDefinition(definitions("id"), List.of("id"));
    CarriedDefinition now = CarriedDefinition.of(source, ZeroDates.TEXT, schema("id"));

    TablePlan plan = new TableDecision(OPTIONS, EXECUTED).decide(stored("id"), schema("id"), now);

    assertThat(plan.action()).isEqualTo(Action.COPY_AGAIN);
  }

  @Test
  void aDefinitionIsReadBackAsItWas() {
    String odd = "a,b\\44;\tc\nd";
    TableSchema schema = new TableSchema("shop", "t", columns("id", odd), List.of("id", odd));
    CarriedDefinition definition =
        CarriedDefinition.of(
            new TableDefinition(definitions("id", odd), List.of("id", odd)),
            ZeroDates.NULL,
            schema);

    assertThat(CarriedDefinition.parse(definition.text())).isEqualTo(definition);
  }

  @Test
  void theSecondRoundReplacesOnlyWhatTheFirstDid() {
    TableDecision decision = new TableDecision(OPTIONS, EXECUTED);
    CarriedDefinition now = CarriedDefinition.parse(text("id"));
    TablePlan copied = decide(OPTIONS, StoredTable.absent("t"), "id");
    TablePlan followed = decide(OPTIONS, stored("id"), "id");

    assertThat(decision.again(copied, "altered", schema("id"), now).action())
        .isEqualTo(Action.COPY);
    TablePlan again = decision.again(followed, "altered", schema("id"), now);
    assertThat(again.action()).isEqualTo(Action.COPY_AGAIN);
    assertThat(again.reason()).isEqualTo("altered");
    assertThat(again.epoch()).isEqualTo(4);
    assertThatThrownBy(
            () ->
                new TableDecision(OPTIONS.withFrozenSchema(true), EXECUTED)
                    .again(followed, "altered", schema("id"), now))
        .isInstanceOf(DataException.class);
  }

  private static TablePlan decide(SyncOptions options, StoredTable stored, String... columns) {
    return new TableDecision(options, EXECUTED)
        .decide(stored, schema(columns), CarriedDefinition.parse(text(columns)));
  }

  private static StoredTable stored(String... columns) {
    return new StoredTable("t", STORED, 4, text(columns));
  }

  private static String text(String... columns) {
    TableDefinition table = new TableDefinition(definitions(columns), List.of("id"));
    return CarriedDefinition.of(table, ZeroDates.FAIL, schema(columns)).text();
  }

  private static TableSchema schema(String... columns) {
    return new TableSchema("shop", "t", columns(columns), List.of("id"));
  }

  private static List<Column> columns(String... names) {
    return Arrays.stream(names)
        .map(name -> new Column(name, ColumnType.of(MysqlType.INT), !name.equals("id")))
        .toList();
  }

  private static List<ColumnDefinition> definitions(String... names) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(new ColumnDefinition(name, "int", "", "", !name.equals("id"), "", "", ""));
    }
    return columns;
  }

  private static Vgtid at(String set) {
    return new Vgtid("shop", List.of(new ShardGtid("0", "MySQL56/" + set)));
  }
}
