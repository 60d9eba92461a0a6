package io.vitessbeam.write;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.schema.BeamColumn;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.BadRecordRouter;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;

/**
 * Deals Rows out to ranges of blocks, as a read of a table gives them: a fixed number of ranges, of
 * which each has its closing block, also when there are no rows.
 */
public final class RowBlocksTransform extends PTransform<PCollection<Row>, PCollection<Block>> {

  private static final long serialVersionUID = 1L;

  /** As many as are staged side by side, and more than a small machine has cores. */
  private static final int RANGES = 8;

  private final String table;
  private final List<String> primaryKey;
  private final ErrorHandler<BadRecord, ?> errorHandler;

  /**
   * @param table its name, for messages
   * @param primaryKey columns that tell rows apart; empty if nothing does
   * @param errorHandler takes rows that do not fit; null if they fail the pipeline
   */
  public RowBlocksTransform(
      String table, List<String> primaryKey, ErrorHandler<BadRecord, ?> errorHandler) {
    this.table = table;
    this.primaryKey = List.copyOf(primaryKey);
    this.errorHandler = errorHandler;
  }

  @Override
  public PCollection<Block> expand(PCollection<Row> rows) {
    TableSchema schema = schema(rows.getSchema());
    Coder<KV<Integer, Row>> coder = KvCoder.of(VarIntCoder.of(), NullableCoder.of(rows.getCoder()));
    SerializableFunction<Row, Integer> deal = row -> ThreadLocalRandom.current().nextInt(RANGES);
    PCollection<KV<Integer, Row>> dealt =
        rows.apply("AnyWindow", onePane()).apply("Deal", WithKeys.of(deal)).setCoder(coder);
    // A range without rows has to be closed too.
    PCollection<KV<Integer, Row>> ranges =
        rows.getPipeline()
            .apply(
                "Ranges",
                Create.of(
                        IntStream.range(0, RANGES)
                            .mapToObj(range -> KV.of(range, (Row) null))
                            .toList())
                    .withCoder(coder));
    boolean routes = errorHandler != null;
    PCollectionTuple made =
        PCollectionList.of(dealt)
            .and(ranges)
            .apply("Both", Flatten.pCollections())
            .apply("ByRange", GroupByKey.create())
            .apply(
                "Blocks",
                ParDo.of(new RowBlocksFn(schema, rows.getSchema(), RANGES, routes))
                    .withOutputTags(
                        RowBlocksFn.BLOCKS,
                        routes
                            ? TupleTagList.of(BadRecordRouter.BAD_RECORD_TAG)
                            : TupleTagList.empty()));
    if (routes) {
      errorHandler.addErrorCollection(
          made.get(BadRecordRouter.BAD_RECORD_TAG)
              .setCoder(BadRecord.getCoder(rows.getPipeline())));
    }
    return numbered(made.get(RowBlocksFn.BLOCKS).setCoder(BlockCoder.of()));
  }

  /**
   * The blocks of this attempt. Rows that are dealt out again, since a runner starts anew, come in
   * other blocks, which must not meet the former ones; and behind the shuffle a block that comes
   * again, since its staging failed, is the same.
   */
  private static PCollection<Block> numbered(PCollection<Block> blocks) {
    PCollectionView<Long> plan =
        blocks
            .getPipeline()
            .apply("Attempt", Impulse.create())
            .apply("Number", ParDo.of(new NumberPlanFn()))
            .apply("Plan", View.asSingleton());
    return blocks
        .apply("Numbered", ParDo.of(new PlannedBlocksFn(plan)).withSideInputs(plan))
        .setCoder(BlockCoder.of())
        .apply("Fixed", Reshuffle.viaRandomKey());
  }

  private TableSchema schema(Schema schema) {
    List<String> names = schema.getFieldNames();
    for (String column : primaryKey) {
      if (!names.contains(column)) {
        throw new ConfigurationException(
            "The rows for %s have no field %s to use as primary key; they have %s"
                .formatted(table, column, String.join(", ", names)));
      }
    }
    return new TableSchema(
        "rows",
        table,
        schema.getFields().stream().map(field -> BeamColumn.of(field).column()).toList(),
        primaryKey);
  }

  /** All elements at once, when all are there, whatever windows and triggers they came with. */
  public static <T> Window<T> onePane() {
    return Window.<T>into(new GlobalWindows())
        .triggering(DefaultTrigger.of())
        .withAllowedLateness(Duration.ZERO)
        .discardingFiredPanes();
  }
}
