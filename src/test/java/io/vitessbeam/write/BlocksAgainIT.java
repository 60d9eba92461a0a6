package io.vitessbeam.write;

import static io.vitessbeam.WriteStrategy.APPEND;
import static io.vitessbeam.WriteStrategy.MERGE;
import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A runner tries a bundle again, and blocks of a range come again, the same or from a source that
 * has changed meanwhile: the rows of one reading are published, or the load fails. Never are there
 * rows of both, or some twice.
 */
class BlocksAgainIT {

  private static final TableSchema SOURCE =
      new TableSchema(
          "shop",
          "source",
          List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
          List.of("id"));

  private static final String REFUSED = "refused";

  @TempDir private static Path folder;

  /**
   * What comes: {@code sequence: rows} is a block, {@code sequence! number of rows} the closing
   * one. And what is published of it where rows that are staged can be found, in a DuckDB file, and
   * in MySQL where rows are staged as they will be published.
   */
  private enum Case {
    EACH_BLOCK_TWICE("0: 1 2, 0: 1 2, 1: 3, 1: 3, 2! 3, 2! 3", "1 2 3", "1 2 3", "1 2 3"),
    THE_RANGE_TWICE("0: 1 2, 1: 3, 2! 3, 0: 1 2, 1: 3, 2! 3", "1 2 3", "1 2 3", "1 2 3"),
    IN_ANY_ORDER("1: 3, 0: 1 2, 2! 3, 1: 3", "1 2 3", "1 2 3", "1 2 3"),
    CHANGED_AT_ITS_END("0: 1 2, 1: 3, 0: 1 2, 1: 4, 2! 3", "1 2 4", REFUSED, REFUSED),
    CHANGED_AT_ITS_BEGIN("0: 1 2, 1: 3, 0: 1 5, 1: 6, 2! 3", "1 5 6", REFUSED, REFUSED),
    CHANGED_AND_LONGER("0: 1 2, 1: 3, 0: 1 2, 1: 4, 2: 5, 3! 4", "1 2 4 5", REFUSED, REFUSED),
    SHORTER("0: 1 2, 1: 3, 0: 1 2, 1! 2", "1 2", REFUSED, REFUSED),
    // A range that is complete in a file is committed, and stays as it was read.
    CHANGED_WHEN_COMPLETE("0: 1 2, 1: 3, 2! 3, 0: 1 2, 1: 4 5, 2! 4", "1 2 4 5", "1 2 3", REFUSED),
    LONGER_WHEN_COMPLETE("0: 1 2, 1! 2, 0: 1 2, 1: 3, 2! 3", "1 2 3", "1 2", REFUSED),
    SHORTER_WHEN_COMPLETE("0: 1 2, 1: 3, 2! 3, 0: 1 2, 1! 2", "1 2", "1 2 3", REFUSED);

    private final String blocks;
    private final String found;
    private final String file;
    private final String direct;

    Case(String blocks, String found, String file, String direct) {
      this.blocks = blocks;
      this.found = found;
      this.file = file;
      this.direct = direct;
    }

    String published(Place place, WriteStrategy strategy) {
      return switch (place) {
        case DUCKDB -> file;
        case POSTGRESQL -> found;
        case MYSQL, VITESS -> strategy == REPLACE ? direct : found;
      };
    }
  }

  private static Stream<Object[]> cases() {
    return Stream.of(Place.values())
        .flatMap(
            place ->
                Stream.of(Case.values())
                    .flatMap(
                        is ->
                            Stream.of(REPLACE, APPEND, MERGE)
                                .map(strategy -> new Object[] {place, is, strategy})));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theRowsOfOneReadingArePublished(Place place, Case is, WriteStrategy strategy)
      throws Exception {
    String table = "again_%s_%s".formatted(is, strategy).toLowerCase(Locale.ROOT);
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", table))
            .withStrategy(strategy)
            .withPrimaryKey(strategy == MERGE ? List.of("id") : List.of());
    Loader loader = place.destination(folder).loader(spec);
    List<StagedRange> receipts = new ArrayList<>();
    List<Block> blocks = Stream.of(is.blocks.split(", ", -1)).map(BlocksAgainIT::block).toList();

    if (is.published(place, strategy).equals(REFUSED)) {
      assertThatThrownBy(() -> blocks.forEach(loader::stage))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Range 0 of shop.source was read again after a failure and its rows have changed"
                  + " since; run again");
      place.destination(folder).abort(spec.runId());
      loader.release();
    } else {
      blocks.forEach(block -> loader.stage(block).ifPresent(receipts::add));
      // What a bundle gave that failed is lost.
      loader.publish(receipts.subList(receipts.size() - 1, receipts.size()));
      loader.release();
      List<String> rows =
          place.rows(folder, "SELECT id FROM " + place.quoted(table) + " ORDER BY 1").stream()
              .map(row -> row.get(0))
              .toList();
      assertThat(String.join(" ", rows)).isEqualTo(is.published(place, strategy));
    }
  }

  private static Block block(String text) {
    int sequence = text.charAt(0) - '0';
    String content = text.substring(3);
    if (text.charAt(1) == '!') {
      return Block.closing(SOURCE, new Origin(5, 0, 1, sequence, Long.parseLong(content), ""));
    }
    BlockBuilder block = new BlockBuilder(SOURCE, 1024);
    for (String value : content.split(" ", -1)) {
      block.startRow();
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      block.addValue(bytes, 0, bytes.length);
    }
    return block.build(new Origin(5, 0, 1, sequence, -1, ""));
  }
}
