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
  public String runId() {
    return spec.runId();
  }

  /** Schema or database of the table. */
  public String schema() {
    return table.schema();
  }

  /** Of the run and the table, whatever their names hold. */
  @Override
  public Digest digest() {
    return Digest.of("load", runId(), table.schema(), table.table());
  }
}
