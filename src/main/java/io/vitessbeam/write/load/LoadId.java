package io.vitessbeam.write.load;

import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.util.Objects;

/**
 * One table of one run at one place.
 *
 * @param table the spec's, with the schema that the place takes for none
 */
public record LoadId<P>(P place, TargetTable table, LoadSpec spec) implements LoadKey<P> {

  public LoadId {
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(spec, "spec");
  }

  /**
   * The load of a spec's table at a place.
   *
   * @param defaultSchema of tables that name none; empty if such a table is as good without
   */
  public static <P> LoadId<P> of(P place, String defaultSchema, LoadSpec spec) {
    return new LoadId<>(place, spec.table().in(defaultSchema), spec);
  }

  @Override
  public String owner() {
    return spec.owner();
  }

  /** Schema or database of the table. */
  public String schema() {
    return table.schema();
  }

  /** The same in a run that is known now; what is staged of it is the same. */
  public LoadId<P> in(Run run) {
    return new LoadId<>(place, table, spec.withRun(run));
  }

  @Override
  public Digest digest() {
    return Digest.of("load", owner(), spec.attempt(), table.schema(), table.table());
  }

  /** Stands for the run, whichever of its attempts it is, where it notes what it has published. */
  public Digest ofRun() {
    return Digest.of("run", spec.runId(), table.schema(), table.table());
  }
}
