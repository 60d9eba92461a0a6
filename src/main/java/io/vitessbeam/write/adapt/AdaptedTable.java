package io.vitessbeam.write.adapt;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.CommonType;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table of the source as it is to be staged.
 *
 * @param schema its columns by their new names
 * @param columns in the same order
 * @param masked indices of the source's columns whose values nobody is to see
 * @param lacking indices of the source's columns that the table that is there lacks, and goes on to
 */
record AdaptedTable(
    TableSchema schema, List<AdaptedColumn> columns, Set<Integer> masked, List<Integer> lacking) {

  AdaptedTable {
    columns = List.copyOf(columns);
    masked = Set.copyOf(masked);
    lacking = List.copyOf(lacking);
  }

  /** Whether rows stay as they are, under other names. */
  boolean keepsValues() {
    return lacking.isEmpty() && columns.stream().allMatch(AdaptedColumn::keepsValues);
  }

  /**
   * Finds out what becomes of each column.
   *
   * @param target the columns of the table that is there; empty if it has no say
   * @throws ConfigurationException if a column is named that isn't there, two get the same name, or
   *     one can't have a type
   */
  static AdaptedTable of(
      Adaptation adaptation, LoadSpec spec, TableSchema source, Optional<TableSchema> target) {
    return new Maker(adaptation, spec, source, target).make();
  }

  private static final class Maker {
    private final Adaptation adaptation;
    private final LoadSpec spec;
    private final TableSchema source;
    private final Optional<TableSchema> target;
    private final ColumnNames names;
    private final List<AdaptedColumn> columns = new ArrayList<>();
    private final Set<Integer> masked = new HashSet<>();
    private final List<Integer> lacking = new ArrayList<>();

    Maker(Adaptation adaptation, LoadSpec spec, TableSchema source, Optional<TableSchema> target) {
      this.adaptation = adaptation;
      this.spec = adaptation.translate(spec);
      this.source = source;
      this.target = target;
      this.names = adaptation.names();
    }

    AdaptedTable make() {
      requireColumns();
      requireDistinctNames();
      List<String> key = source.primaryKey().stream().map(names::of).toList();
      List<String> needed = new ArrayList<>(spec.primaryKey().isEmpty() ? key : spec.primaryKey());
      // Rows that are not told apart may lack what they would be told apart by.
      Set<String> complete =
          spec.strategy() == WriteStrategy.APPEND ? Set.of() : Set.copyOf(needed);
      needed.add(spec.incrementalKey());
      for (int i = 0; i < source.columns().size(); i++) {
        add(i, needed, complete);
      }
      List<String> staged = columns.stream().map(column -> column.column().name()).toList();
      return new AdaptedTable(
          new TableSchema(
              source.keyspace(),
              source.table(),
              columns.stream().map(AdaptedColumn::column).toList(),
              staged.containsAll(key) ? key : List.of()),
          columns,
          masked,
          lacking);
    }

    private void requireColumns() {
      for (ColumnOverride override : adaptation.columns()) {
        if (source.indexOf(override.source()) < 0) {
          throw lacks(override.source(), "to give another type or name");
        }
      }
      for (ColumnMask mask : adaptation.masks()) {
        boolean known =
            source.columns().stream()
                .anyMatch(
                    column ->
                        column.name().equals(mask.column())
                            || names.of(column.name()).equals(mask.column()));
        if (!known) {
          throw lacks(mask.column(), "to mask");
        }
      }
    }

    private ConfigurationException lacks(String column, String what) {
      return new ConfigurationException(
          "%s has no column %s %s; it has %s"
              .formatted(
                  source.qualifiedName(),
                  column,
                  what,
                  NameList.of(source.columns().stream().map(Column::name).toList())));
    }

    /** Most destinations don't tell names apart by their case. */
    private void requireDistinctNames() {
      Map<String, String> sources = new HashMap<>();
      for (Column column : source.columns()) {
        String name = names.of(column.name());
        String other = sources.put(name.toLowerCase(Locale.ROOT), column.name());
        if (other != null) {
          throw new ConfigurationException(
              "Columns %s and %s of %s would both be called %s; name one by --columns=<new>::%s"
                  .formatted(other, column.name(), source.qualifiedName(), name, column.name()));
        }
      }
    }

    private void add(int index, List<String> needed, Set<String> keys) {
      Column column = source.columns().get(index);
      String name = names.of(column.name());
      ColumnType unmasked = type(column);
      // From a type to itself it is a check, which whoever stages the rows makes otherwise.
      Conversion conversion =
          unmasked.equals(column.type()) && !adaptation.routesFailures()
              ? null
              : conversion(column, column.type(), unmasked);
      if (adaptation.trims() && TextConversions.isPlainText(unmasked)) {
        conversion = and(conversion, TextConversions::trim);
      }
      Optional<MaskedType> mask = mask(column, name, unmasked, needed);
      ColumnType type = mask.map(MaskedType::type).orElse(unmasked);
      if (mask.isPresent()) {
        masked.add(index);
        conversion = and(conversion, mask.get().conversion());
      }
      boolean isNeeded = needed.contains(name);
      boolean complete = adaptation.routesFailures() && (keys.contains(name) || !column.nullable());
      if (target.isEmpty()) {
        columns.add(
            new AdaptedColumn(
                index,
                new Column(name, type, column.nullable()),
                conversion,
                null,
                complete,
                false));
        return;
      }
      Column there = there(name);
      if (there == null) {
        if (isNeeded) {
          throw new ConfigurationException(
              "%s has no column %s, by which its rows are told apart, and its schema contract adds"
                      .formatted(spec.table(), name)
                  + " none; add it, or choose another key");
        }
        lacking.add(index);
        return;
      }
      columns.add(
          fitted(index, new Column(name, type, column.nullable()), conversion, complete, there));
    }

    private static Conversion and(Conversion first, Conversion second) {
      return first == null ? second : TextConversions.chain(first, second);
    }

    private Optional<MaskedType> mask(
        Column column, String name, ColumnType type, List<String> needed) {
      ColumnMask mask =
          adaptation.masks().stream()
              .filter(one -> one.column().equals(column.name()) || one.column().equals(name))
              .findFirst()
              .orElse(null);
      if (mask == null) {
        return Optional.empty();
      }
      MaskFunction function = mask.function();
      if (name.equals(spec.incrementalKey()) || (needed.contains(name) && !function.keepsApart())) {
        throw new ConfigurationException(
            "Column %s of %s tells rows apart, or how old they are, and masked by %s it can't;"
                    .formatted(column.name(), source.qualifiedName(), function.text())
                + " leave it out, or mask a key by hash, sha256, md5, hmac or uuid");
      }
      return Optional.of(
          MaskedType.of(mask, type)
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "Column %s of %s is %s, whose values can't be masked by %s"
                              .formatted(
                                  column.name(),
                                  source.qualifiedName(),
                                  TypeNames.print(type),
                                  function.text()))));
    }

    private AdaptedColumn fitted(
        int index, Column column, Conversion conversion, boolean complete, Column there) {
      boolean required = !there.nullable() && column.nullable();
      // Printed as text, numbers and times are converted, the same for every destination.
      if (CommonType.holds(there.type(), column.type())
          && TextConversions.isText(there.type()) == TextConversions.isText(column.type())) {
        return new AdaptedColumn(index, column, conversion, null, complete, required);
      }
      return new AdaptedColumn(
          index,
          new Column(column.name(), there.type(), there.nullable()),
          conversion,
          contract(source.columns().get(index), column.type(), there.type()),
          complete,
          required);
    }

    private Column there(String name) {
      return target.orElseThrow().columns().stream()
          .filter(column -> column.name().equalsIgnoreCase(name))
          .findFirst()
          .orElse(null);
    }

    private ColumnType type(Column column) {
      return adaptation.columns().stream()
          .filter(override -> override.source().equals(column.name()) && override.type() != null)
          .map(ColumnOverride::type)
          .findFirst()
          .orElse(column.type());
    }

    /** Nobody asked for it: what has no type in common with the column is none of its values. */
    private Conversion contract(Column column, ColumnType from, ColumnType to) {
      return required(
          CommonType.of(to, from).flatMap(common -> Conversions.between(from, to)),
          column,
          from,
          to);
    }

    private Conversion conversion(Column column, ColumnType from, ColumnType to) {
      return required(Conversions.between(from, to), column, from, to);
    }

    private Conversion required(
        Optional<Conversion> conversion, Column column, ColumnType from, ColumnType to) {
      return conversion.orElseThrow(
          () ->
              new ConfigurationException(
                  "Column %s of %s is %s, whose values are none of %s"
                      .formatted(
                          column.name(),
                          source.qualifiedName(),
                          TypeNames.print(from),
                          TypeNames.print(to))));
    }
  }
}
