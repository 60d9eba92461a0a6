package io.vitessbeam.write.adapt;

import io.vitessbeam.SchemaNaming;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is done to the rows of a load before they are staged.
 *
 * @param columns other types and names
 * @param naming of all columns that get no other name there
 */
public record Adaptation(List<ColumnOverride> columns, SchemaNaming naming)
    implements Serializable {

  public static final Adaptation NONE = new Adaptation(List.of(), SchemaNaming.DIRECT);

  public Adaptation {
    columns = List.copyOf(columns);
    Objects.requireNonNull(naming, "naming");
  }

  public Adaptation withColumns(List<ColumnOverride> overrides) {
    return new Adaptation(overrides, naming);
  }

  public Adaptation withNaming(SchemaNaming chosen) {
    return new Adaptation(columns, chosen);
  }

  /** Whether rows are staged as they come. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether the table that is there has a say in it. */
  public boolean dependsOnTarget() {
    return naming == SchemaNaming.AUTO;
  }

  /**
   * The same with a naming that says what names are.
   *
   * @param target the table that is there, if one is
   */
  public Adaptation resolve(TableSchema source, Optional<TableSchema> target) {
    return naming == SchemaNaming.AUTO
        ? withNaming(ColumnNames.detect(source, target.orElse(null)))
        : this;
  }

  /** The load with the names that the columns of its keys have in the destination. */
  public LoadSpec translate(LoadSpec spec) {
    ColumnNames names = names();
    return spec.withPrimaryKey(spec.primaryKey().stream().map(names::ofKey).toList())
        .withIncrementalKey(
            spec.incrementalKey().isEmpty() ? "" : names.ofKey(spec.incrementalKey()));
  }

  ColumnNames names() {
    return new ColumnNames(columns, naming);
  }
}
