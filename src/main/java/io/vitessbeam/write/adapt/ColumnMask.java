package io.vitessbeam.write.adapt;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A column whose values the destination gets masked.
 *
 * @param column its name in the source or its new one, exactly
 * @param function what is done to them
 * @param parameter of the function; its default if none was given
 * @param seed of the functions with chance in them: equal values of a load become equal ones, so
 *     that what a runner does again comes out the same, and nobody who lacks it can undo them
 */
public record ColumnMask(String column, MaskFunction function, String parameter, String seed)
    implements Serializable {

  public ColumnMask {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(parameter, "parameter");
    Objects.requireNonNull(seed, "seed");
  }

  /**
   * Reads {@code column:function} and {@code column:function:parameter}.
   *
   * @throws ConfigurationException if a text has another form, a function is unknown or its
   *     parameter wrong, or a column is given twice
   */
  public static List<ColumnMask> parse(List<String> texts) {
    List<ColumnMask> masks = new ArrayList<>();
    for (String text : texts) {
      ColumnMask mask = parse(text);
      if (masks.stream().anyMatch(other -> other.column.equals(mask.column))) {
        throw new ConfigurationException("column " + mask.column + " is given twice");
      }
      masks.add(mask);
    }
    return List.copyOf(masks);
  }

  private static ColumnMask parse(String text) {
    String[] parts = text.split(":", 3);
    if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw new ConfigurationException(
          "'" + text + "' is neither column:function nor column:function:parameter");
    }
    String name = parts[1].strip();
    if (name.equals("sequential")) {
      throw new ConfigurationException(
          "sequential numbers would be others each time that a part of the table is read again;"
              + " use uuid, or hash");
    }
    MaskFunction function =
        MaskFunction.named(name)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "'"
                            + name
                            + "' is no function to mask with; there are "
                            + Arrays.stream(MaskFunction.values())
                                .map(MaskFunction::text)
                                .collect(Collectors.joining(", "))));
    String parameter = parts.length == 3 ? parts[2] : function.defaultParameter();
    requireParameter(function, parameter);
    return new ColumnMask(parts[0].strip(), function, parameter, UUID.randomUUID().toString());
  }

  private static void requireParameter(MaskFunction function, String parameter) {
    switch (function.needs()) {
      case NOTHING -> {
        if (!parameter.isEmpty()) {
          throw new ConfigurationException(function.text() + " has no parameter");
        }
      }
      case TEXT -> {
        if (parameter.isEmpty()) {
          throw new ConfigurationException(
              "%s needs a parameter: column:%s:<%s>"
                  .formatted(function.text(), function.text(), function.parameterName()));
        }
      }
      case COUNT, NUMBER -> {
        boolean whole = function.needs() == MaskFunction.Parameter.COUNT;
        if (!parameter.matches(whole ? "[0-9]{1,6}" : "[0-9]{1,18}(\\.[0-9]{1,18})?")
            || new BigDecimal(parameter).signum() == 0) {
          throw new ConfigurationException(
              "%s needs a %s above 0: column:%s:<%s>, not '%s'"
                  .formatted(
                      function.text(),
                      whole ? "whole number" : "number",
                      function.text(),
                      function.parameterName(),
                      parameter));
        }
      }
    }
  }

  BigDecimal number() {
    return new BigDecimal(parameter);
  }

  /** {@code email by partial}, between semicolons, for people; parameters may be secrets. */
  public static String print(List<ColumnMask> masks) {
    return masks.stream()
        .map(mask -> mask.column + " by " + mask.function.text())
        .collect(Collectors.joining("; "));
  }

  /** Without its parameter, which may be a secret. */
  @Override
  public String toString() {
    return print(List.of(this));
  }
}
