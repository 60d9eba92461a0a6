package io.vitessbeam;

import io.vitessbeam.read.PlannedRead;
import io.vitessbeam.read.resolve.ReadOptions;
import io.vitessbeam.read.resolve.ReadResolver;
import io.vitessbeam.read.resolve.ReadSelection;
import io.vitessbeam.schema.ZeroDates;
import org.apache.beam.sdk.transforms.display.DisplayData;

/**
 * A read over the MySQL protocol, in ranges of the primary key that are read side by side.
 *
 * @param <T> the read itself
 */
public abstract sealed class KeyRangeRead<T extends KeyRangeRead<T>> extends BoundedRead<T>
    permits VitessRead, MysqlRead {

  private static final long serialVersionUID = 1L;

  private final ReadOptions options;

  KeyRangeRead(ReadOptions options, String runId) {
    super(options.selection(), runId);
    this.options = options;
  }

  abstract T with(ReadOptions changed, String newRunId);

  @Override
  T with(ReadSelection newSelection, String newRunId) {
    return with(options.with(newSelection), newRunId);
  }

  /**
   * Sets how many key ranges are read at the same time.
   *
   * @param ranges 1 to 1,000, 4 by default; a shard is one range at least
   */
  public T withParallelism(int ranges) {
    if (ranges < 1 || ranges > 1_000) {
      throw new ConfigurationException("parallelism is " + ranges + "; it must be from 1 to 1,000");
    }
    return with(options.withRanges(ranges), runId());
  }

  /** What to do with values like {@code 0000-00-00}; the read fails on them by default. */
  public T withZeroDates(ZeroDates choice) {
    return with(options.withZeroDates(choice), runId());
  }

  @Override
  PlannedRead resolve() {
    return ReadResolver.resolve(options);
  }

  @Override
  String source() {
    return options.uri().toString();
  }

  @Override
  void describe(DisplayData.Builder builder) {
    super.describe(builder);
    builder.add(DisplayData.item("parallelism", options.ranges()).withLabel("Key ranges"));
  }
}
