package io.vitessbeam.write;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.load.Run;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What one attempt of a run does to one table. The same at every retry of a part of it, in whatever
 * JVM.
 *
 * @param owner by which what is staged is found again in this JVM, to give it up; of a write, it is
 *     the same in all its runs
 * @param attempt what is staged by another one never meets what is staged by this; empty if there
 *     is only one
 * @param run of which it is an attempt; only who publishes needs to know
 * @param table null until it is given
 * @param strategy null until it is given
 * @param primaryKey columns that tell rows apart; empty for the primary key of the source
 * @param incrementalKey column by which rows age; empty if there is none
 * @param interval of the incremental key that the rows were asked for
 * @param frozen whether a table that is there keeps its columns and their types, come what may
 */
public record LoadSpec(
    String owner,
    String attempt,
    Run run,
    TargetTable table,
    WriteStrategy strategy,
    List<String> primaryKey,
    String incrementalKey,
    Interval interval,
    boolean frozen)
    implements Serializable {

  /**
   * Values as MySQL writes them, both ends included.
   *
   * @param start empty for no limit
   * @param end empty for no limit
   */
  public record Interval(String start, String end) implements Serializable {

    public static final Interval EVERYTHING = new Interval("", "");

    public Interval {
      Objects.requireNonNull(start, "start");
      Objects.requireNonNull(end, "end");
    }
  }

  public LoadSpec {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(attempt, "attempt");
    Objects.requireNonNull(run, "run");
    primaryKey = List.copyOf(primaryKey);
    Objects.requireNonNull(incrementalKey, "incrementalKey");
    Objects.requireNonNull(interval, "interval");
  }

  /** A run of one attempt, of which nothing else is known yet. */
  public static LoadSpec of(String runId) {
    return new LoadSpec(
        runId, "", Run.beginning(runId), null, null, List.of(), "", Interval.EVERYTHING, false);
  }

  /** A run that replaces a table. */
  public static LoadSpec replace(String runId, TargetTable table) {
    return of(runId).withTable(table).withStrategy(WriteStrategy.REPLACE);
  }

  public String runId() {
    return run.id();
  }

  public Instant begun() {
    return run.begun();
  }

  /** The same as a run of another name, which is its own owner, with the same moment. */
  public LoadSpec withRunId(String id) {
    return new LoadSpec(
        id,
        attempt,
        new Run(id, run.begun()),
        table,
        strategy,
        primaryKey,
        incrementalKey,
        interval,
        frozen);
  }

  /** The same in another attempt. */
  public LoadSpec withAttempt(String another) {
    return new LoadSpec(
        owner, another, run, table, strategy, primaryKey, incrementalKey, interval, frozen);
  }

  /** The same in another run. */
  public LoadSpec withRun(Run another) {
    return new LoadSpec(
        owner, attempt, another, table, strategy, primaryKey, incrementalKey, interval, frozen);
  }

  public LoadSpec withTable(TargetTable target) {
    return new LoadSpec(
        owner, attempt, run, target, strategy, primaryKey, incrementalKey, interval, frozen);
  }

  public LoadSpec withStrategy(WriteStrategy chosen) {
    return new LoadSpec(
        owner, attempt, run, table, chosen, primaryKey, incrementalKey, interval, frozen);
  }

  public LoadSpec withPrimaryKey(List<String> columns) {
    return new LoadSpec(
        owner, attempt, run, table, strategy, columns, incrementalKey, interval, frozen);
  }

  public LoadSpec withIncrementalKey(String column) {
    return new LoadSpec(owner, attempt, run, table, strategy, primaryKey, column, interval, frozen);
  }

  public LoadSpec withInterval(Interval asked) {
    return new LoadSpec(
        owner, attempt, run, table, strategy, primaryKey, incrementalKey, asked, frozen);
  }

  public LoadSpec withFrozenSchema() {
    return new LoadSpec(
        owner, attempt, run, table, strategy, primaryKey, incrementalKey, interval, true);
  }

  /** Whether a row of the table that does not come is deleted, or no longer current. */
  public boolean deletesWhatIsAbsent() {
    return strategy == WriteStrategy.DELETE_INSERT
        || (strategy == WriteStrategy.SCD2 && incrementalKey.isEmpty());
  }

  /** The columns that tell rows apart; empty if nothing does. */
  public List<String> keyOf(TableSchema source) {
    return primaryKey.isEmpty() ? source.primaryKey() : primaryKey;
  }

  /**
   * Passes if the rows of a source can be brought into the table in this way.
   *
   * @throws ConfigurationException naming what the source lacks
   */
  public void requireFit(TableSchema source) {
    for (String column : primaryKey) {
      requireColumn(source, column, "primary key");
    }
    boolean keyed = strategy == WriteStrategy.MERGE || strategy == WriteStrategy.SCD2;
    // Else it only chose the rows that were read, and may have been left out.
    boolean ordered = keyed || strategy == WriteStrategy.DELETE_INSERT || !primaryKey.isEmpty();
    if (ordered && !incrementalKey.isEmpty()) {
      requireColumn(source, incrementalKey, "incremental key");
    }
    if (strategy == WriteStrategy.DELETE_INSERT) {
      requireInterval(source);
    }
    if (keyed && keyOf(source).isEmpty()) {
      throw new ConfigurationException(
          "The strategy %s needs a key that tells rows apart, and %s has no primary key; name one"
                  .formatted(strategy.name().toLowerCase(Locale.ROOT), source.qualifiedName())
              + " by --primary-key");
    }
  }

  private void requireInterval(TableSchema source) {
    MysqlType type = source.column(incrementalKey).type().base();
    ValueOrder order = ValueOrder.of(type);
    if (order == ValueOrder.NONE) {
      throw new ConfigurationException(
          "Column %s of %s is of type %s, which has no intervals; name a number, a date or a text"
              .formatted(incrementalKey, source.qualifiedName(), type));
    }
    low(order);
    high(order);
  }

  /**
   * The least value that was asked for; empty if there is none.
   *
   * @param order of the source's column
   * @throws ConfigurationException if it is no value of the column
   */
  public Optional<Bound> low(ValueOrder order) {
    return bound(order, true, interval.start());
  }

  /** The greatest one, see {@link #low}. */
  public Optional<Bound> high(ValueOrder order) {
    return bound(order, false, interval.end());
  }

  private Optional<Bound> bound(ValueOrder order, boolean low, String given) {
    return given.isEmpty()
        ? Optional.empty()
        : Optional.of(Bound.of(incrementalKey, order, low, given));
  }

  private static void requireColumn(TableSchema source, String column, String what) {
    if (source.indexOf(column) < 0) {
      throw new ConfigurationException(
          "%s has no column %s to use as %s; it has %s"
              .formatted(
                  source.qualifiedName(),
                  column,
                  what,
                  NameList.of(source.columns().stream().map(Column::name).toList())));
    }
  }

  /**
   * Passes if nothing is missing that can be told without the source.
   *
   * @throws ConfigurationException naming what is missing
   */
  public void requireComplete() {
    if (table == null) {
      throw new ConfigurationException("VitessWrite needs withTable(…)");
    }
    if (strategy == null) {
      throw new ConfigurationException("VitessWrite needs withStrategy(…)");
    }
    if (strategy == WriteStrategy.DELETE_INSERT && incrementalKey.isEmpty()) {
      throw new ConfigurationException(
          "The strategy delete+insert needs an incremental key, whose interval it replaces");
    }
  }

  /**
   * Passes if the table may change as it would have to for the rows of the source.
   *
   * @throws DataException if it may not, and would have to
   */
  public void requireMayChange(TargetTable target, List<String> changes) {
    if (frozen && !changes.isEmpty()) {
      throw new DataException(
          "The columns of %s don't hold the rows of the source, and its schema is frozen; it would take: %s"
              .formatted(target, String.join("; ", changes)));
    }
  }
}
