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
 */
public record SyncSpec(
    String owner, String runId, String keyspace, List<Table> tables, boolean fullRefresh)
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

  /** The same in a run. */
  public SyncSpec in(String run) {
    return new SyncSpec(owner, run, keyspace, tables, fullRefresh);
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
