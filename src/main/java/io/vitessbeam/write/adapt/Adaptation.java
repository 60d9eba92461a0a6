package io.vitessbeam.write.adapt;

import io.vitessbeam.write.LoadSpec;
import java.io.Serializable;
import java.util.List;

/**
 * What is done to the rows of a load before they are staged.
 *
 * @param columns other types and names
 */
public record Adaptation(List<ColumnOverride> columns) implements Serializable {

  public static final Adaptation NONE = new Adaptation(List.of());

  public Adaptation {
    columns = List.copyOf(columns);
  }

  public Adaptation withColumns(List<ColumnOverride> overrides) {
    return new Adaptation(overrides);
  }

  /** Whether rows are staged as they come. */
  public boolean isNone() {
    return columns.isEmpty();
  }

  /** The load with the names that the columns of its keys have in the destination. */
  public LoadSpec translate(LoadSpec spec) {
    ColumnNames names = new ColumnNames(columns);
    return spec.withPrimaryKey(spec.primaryKey().stream().map(names::ofKey).toList())
        .withIncrementalKey(
            spec.incrementalKey().isEmpty() ? "" : names.ofKey(spec.incrementalKey()));
  }
}
