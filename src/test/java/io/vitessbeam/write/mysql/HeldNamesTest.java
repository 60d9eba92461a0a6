package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.staging.StagingPlan;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MySQL makes question marks of characters above U+FFFF in names, and takes two for one. */
class HeldNamesTest {

  private static final String EMOJI = "n\uD83D\uDE00";

  /** Nobody listens there: it is refused before anyone is asked. */
  private static final Server NOWHERE =
      new PlainServer(MysqlUri.parse("mysql://beam:beam@127.0.0.1:1/shop"));

  @Test
  void aTableIsRefused() {
    TargetTable table = new TargetTable("", EMOJI);
    Loader loader =
        MysqlDestination.mysql(MysqlUri.parse("mysql://beam:beam@127.0.0.1:1/shop"))
            .loader(LoadSpec.replace("run", table));
    Block block = Source.items().row(1, "a", null).blocks().get(0);

    assertRefused(() -> loader.stage(block), "the table");
    assertRefused(() -> new MysqlFollowedTables(NOWHERE).type(table), "the table");
    assertRefused(
        () -> new MysqlFollowedTables(NOWHERE).type(new TargetTable(EMOJI, "t")), "the database");
  }

  @ParameterizedTest
  @EnumSource(WriteStrategy.class)
  void aColumnIsRefused(WriteStrategy strategy) {
    Source source =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.BIGINT), false)
            .column(EMOJI, ColumnType.of(MysqlType.BIGINT), false);
    LoadSpec spec =
        LoadSpec.of("run")
            .withTable(new TargetTable("", "t"))
            .withStrategy(strategy)
            .withIncrementalKey("id");

    assertRefused(
        () ->
            StagingPlan.of(
                LoadId.of(NOWHERE, "shop", spec),
                "s",
                source.schema(),
                Optional.empty(),
                Optional.empty(),
                new KeyCollation("utf8mb4_bin")),
        "a column of source.t");
  }

  private static void assertRefused(Runnable action, String what) {
    assertThatThrownBy(action::run)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("The name of " + what, EMOJI, "above U+FFFF");
  }
}
