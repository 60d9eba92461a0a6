package io.vitessbeam.write.adapt;

import io.vitessbeam.SchemaNaming;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What columns of the source are called in the destination. */
record ColumnNames(List<ColumnOverride> columns, SchemaNaming naming) {

  ColumnNames {
    if (naming == SchemaNaming.AUTO) {
      throw new IllegalArgumentException("the naming depends on the target");
    }
  }

  /** The name of a column of the source. */
  String of(String source) {
    for (ColumnOverride override : columns) {
      if (override.source().equals(source) && override.renames()) {
        return override.name();
      }
    }
    return naming == SchemaNaming.SNAKE_CASE ? SnakeCase.of(source) : source;
  }

  /** The name of a column that the user has named, by the source's name or by the new one. */
  String ofKey(String given) {
    boolean isNew = columns.stream().anyMatch(override -> override.name().equals(given));
    return isNew ? given : of(given);
  }

  /**
   * The naming of a table that is there.
   *
   * @param target null if there is none
   */
  static SchemaNaming detect(TableSchema source, TableSchema target) {
    if (target == null) {
      return SchemaNaming.SNAKE_CASE;
    }
    Set<String> exact = new HashSet<>();
    Set<String> lower = new HashSet<>();
    for (Column column : target.columns()) {
      exact.add(column.name());
      lower.add(column.name().toLowerCase(Locale.ROOT));
    }
    int direct = 0;
    int snake = 0;
    for (Column column : source.columns()) {
      String name = SnakeCase.of(column.name());
      if (!name.equals(column.name())) {
        direct += exact.contains(column.name()) ? 1 : 0;
        snake += lower.contains(name) ? 1 : 0;
      }
    }
    return direct > snake ? SchemaNaming.DIRECT : SchemaNaming.SNAKE_CASE;
  }
}
