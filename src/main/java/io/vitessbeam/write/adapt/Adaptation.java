package io.vitessbeam.write.adapt;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.SchemaContract;
import io.vitessbeam.SchemaNaming;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What is done to the rows of a load before they are staged.
 *
 * @param columns other types and names
 * @param naming of all columns that get no other name there
 * @param contract what the table that is there does about what it has no room for
 * @param routesFailures whether a row that does not fit goes to an error handler
 * @param masks columns whose values are not to be seen as they are
 * @param trims whether text loses the white space at its ends
 */
public record Adaptation(
    List<ColumnOverride> columns,
    SchemaNaming naming,
    SchemaContract contract,
    boolean routesFailures,
    List<ColumnMask> masks,
    boolean trims)
    implements Serializable {

  public static final Adaptation NONE =
      new Adaptation(
          List.of(), SchemaNaming.DIRECT, SchemaContract.EVOLVE, false, List.of(), false);

  public Adaptation {
    columns = List.copyOf(columns);
    masks = List.copyOf(masks);
    Objects.requireNonNull(naming, "naming");
    Objects.requireNonNull(contract, "contract");
  }

  public Adaptation withColumns(List<ColumnOverride> overrides) {
    return new Adaptation(overrides, naming, contract, routesFailures, masks, trims);
  }

  public Adaptation withNaming(SchemaNaming chosen) {
    return new Adaptation(columns, chosen, contract, routesFailures, masks, trims);
  }

  public Adaptation withContract(SchemaContract chosen) {
    return new Adaptation(columns, naming, chosen, routesFailures, masks, trims);
  }

  public Adaptation withFailuresRouted() {
    return new Adaptation(columns, naming, contract, true, masks, trims);
  }

  public Adaptation withMasks(List<ColumnMask> chosen) {
    return new Adaptation(columns, naming, contract, routesFailures, chosen, trims);
  }

  public Adaptation withTrimmedText() {
    return new Adaptation(columns, naming, contract, routesFailures, masks, true);
  }

  /** Whether rows are staged as they come. */
  public boolean isNone() {
    return columns.isEmpty()
        && naming == SchemaNaming.DIRECT
        && !discards()
        && !routesFailures
        && masks.isEmpty()
        && !trims;
  }

  /** Whether columns are called as in the source. */
  public boolean keepsNames() {
    return naming == SchemaNaming.DIRECT && columns.stream().noneMatch(ColumnOverride::renames);
  }

  private boolean discards() {
    return contract == SchemaContract.DISCARD_ROW || contract == SchemaContract.DISCARD_VALUE;
  }

  /** Whether a load leaves out what the table that is there has no room for. */
  boolean discards(LoadSpec spec) {
    return discards() && spec.strategy() != WriteStrategy.REPLACE;
  }

  /** Whether the table that is there has a say in it. */
  public boolean dependsOnTarget(LoadSpec spec) {
    return naming == SchemaNaming.AUTO || discards(spec);
  }

  /**
   * Passes if a load may be adapted so.
   *
   * @throws ConfigurationException if it would take a row that is left out for one that is gone
   */
  public void requireFit(LoadSpec spec) {
    boolean discardsRows = contract == SchemaContract.DISCARD_ROW;
    if ((discardsRows || routesFailures) && spec.deletesWhatIsAbsent()) {
      throw new ConfigurationException(
          "The strategy %s takes a row that does not come for one that is gone, and %s leaves rows"
                  .formatted(
                      spec.strategy().name().toLowerCase(Locale.ROOT),
                      discardsRows ? "the schema contract discard_row" : "an error handler")
              + " out; choose another strategy");
    }
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
    LoadSpec named =
        spec.withPrimaryKey(spec.primaryKey().stream().map(names::ofKey).toList())
            .withIncrementalKey(
                spec.incrementalKey().isEmpty() ? "" : names.ofKey(spec.incrementalKey()));
    return contract == SchemaContract.EVOLVE ? named : named.withFrozenSchema();
  }

  ColumnNames names() {
    return new ColumnNames(columns, naming);
  }
}
