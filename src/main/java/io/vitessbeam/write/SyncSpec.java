package io.vitessbeam.write;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The tables of one run that follow a keyspace, all at one destination. The same at every retry of
 * a part of it, in whatever JVM.
 *
 * @param owner by which what is staged is found again in this JVM, to give it up: that of the
 *     transform in all its runs
 * @param runId unique to the run; empty until it is run. A job that a cluster starts anew is
 *     another one, which finds where the former left the tables
 * @param keyspace the source
 * @param tables in the order in which they are reported
 * @param fullRefresh whether everything is copied anew, whatever the destination holds
 * @param flush whether it is one of the many by which a stream goes on
 */
public record SyncSpec(
    String owner,
    String runId,
    String keyspace,
    List<Table> tables,
    boolean fullRefresh,
    boolean flush)
    implements Serializable {

  /**
   * A table.
   *
   * @param source name in the source keyspace
   */
  public record Table(String source, TargetTable target) implements Serializable {
    public Table {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(target, "target");
    }
  }

  public SyncSpec {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(keyspace, "keyspace");
    tables = List.copyOf(tables);
    Set<String> sources = new HashSet<>();
    for (Table table : tables) {
      if (!sources.add(table.source())) {
        throw new IllegalArgumentException("table " + table.source() + " appears twice");
      }
    }
  }

  /** Of a run that is no flush. */
  public SyncSpec(
      String owner, String runId, String keyspace, List<Table> tables, boolean fullRefresh) {
    this(owner, runId, keyspace, tables, fullRefresh, false);
  }

  /** The same in a run. */
  public SyncSpec in(String run) {
    return new SyncSpec(owner, run, keyspace, tables, fullRefresh, flush);
  }

  /** The same in a flush. */
  public SyncSpec inFlush(String run) {
    return new SyncSpec(owner, run, keyspace, tables, fullRefresh, true);
  }

  /** Where a source table goes. */
  public TargetTable targetOf(String source) {
    return tables.stream()
        .filter(table -> table.source().equals(source))
        .map(Table::target)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(keyspace + "." + source + " is not of this run"));
  }
}
