package io.vitessbeam.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an interval holds that delete+insert replaces, on every kind of destination: the table of
 * cases. A row is named after its value: {@code 1 there} was in the table, {@code 1 new} came with
 * the load.
 */
class IntervalsIT {

  @TempDir private static Path folder;

  private static Stream<Object[]> everyCaseEverywhere() {
    return Stream.of(Place.values())
        .flatMap(place -> IntervalCase.ALL.stream().map(each -> new Object[] {place, each}));
  }

  @ParameterizedTest
  @MethodSource("everyCaseEverywhere")
  void anIntervalHoldsTheSameEverywhere(Place place, IntervalCase each) throws Exception {
    String table = "interval_" + IntervalCase.ALL.indexOf(each);
    load(place, spec(table, WriteStrategy.APPEND), each.before(), each.there(), " there");
    LoadSpec.Interval interval = new LoadSpec.Interval(each.from(), each.to());
    LoadSpec spec = spec(table, WriteStrategy.DELETE_INSERT).withInterval(interval);

    Throwable refusal =
        catchThrowable(
            () -> load(place, spec.withIncrementalKey("v"), each.type(), each.comes(), " new"));
    List<String> after = names(place, table);

    if (each.rows().size() == 1 && !each.rows().get(0).matches(".* (there|new)")) {
      place.destination(folder).abort(spec.runId());
      assertThat(refusal)
          .isInstanceOfAny(ConfigurationException.class, DataException.class)
          .hasMessageContaining(each.rows().get(0));
      assertThat(after)
          .containsExactlyInAnyOrderElementsOf(
              each.there().stream().map(value -> value + " there").toList());
    } else {
      assertThat(refusal).isNull();
      assertThat(after).containsExactlyInAnyOrderElementsOf(each.rows());
    }
  }

  private static LoadSpec spec(String table, WriteStrategy strategy) {
    return LoadSpec.of(UUID.randomUUID().toString())
        .withTable(new TargetTable("", table))
        .withStrategy(strategy);
  }

  private static List<String> names(Place place, String table) throws SQLException {
    return place.rows(folder, "SELECT name FROM " + table).stream().map(row -> row.get(0)).toList();
  }

  private static void load(
      Place place, LoadSpec spec, ColumnType type, List<String> values, String suffix) {
    TableSchema schema =
        new TableSchema(
            "shop",
            "source",
            List.of(
                new Column("name", ColumnType.of(MysqlType.VARCHAR, 100), false),
                new Column("v", type, true)),
            List.of());
    BlockBuilder block = new BlockBuilder(schema, 1024);
    for (String value : values) {
      block.startRow();
      add(block, value + suffix);
      add(block, value);
    }
    List<Block> blocks = new ArrayList<>();
    if (!values.isEmpty()) {
      blocks.add(block.build(new Origin(5, 0, 1, 0, -1, "")));
    }
    blocks.add(Block.closing(schema, new Origin(5, 0, 1, blocks.size(), values.size(), "")));
    Place.load(place.destination(folder).loader(spec), blocks);
  }

  private static void add(BlockBuilder block, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    block.addValue(bytes, 0, bytes.length);
  }
}
