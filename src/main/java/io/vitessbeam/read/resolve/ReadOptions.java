package io.vitessbeam.read.resolve;

import io.vitessbeam.connect.MysqlSource;
import io.vitessbeam.schema.ZeroDates;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What a user asked to be read over the MySQL protocol, not yet checked against the server.
 *
 * @param ranges how many key ranges to read in parallel, over all shards
 */
public record ReadOptions(MysqlSource uri, ReadSelection selection, int ranges, ZeroDates zeroDates)
    implements Serializable {

  public static final int DEFAULT_RANGES = 4;

  public ReadOptions {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(selection, "selection");
  }

  public static ReadOptions of(MysqlSource uri) {
    return new ReadOptions(uri, ReadSelection.NONE, DEFAULT_RANGES, ZeroDates.FAIL);
  }

  public ReadOptions with(ReadSelection newSelection) {
    return new ReadOptions(uri, newSelection, ranges, zeroDates);
  }

  public ReadOptions withTable(String newTable) {
    return with(selection.withTable(newTable));
  }

  public ReadOptions without(List<String> columns) {
    return with(selection.without(columns));
  }

  public ReadOptions withLimit(long rows) {
    return with(selection.withLimit(rows));
  }

  public ReadOptions withRanges(int count) {
    return new ReadOptions(uri, selection, count, zeroDates);
  }

  public ReadOptions withZeroDates(ZeroDates choice) {
    return new ReadOptions(uri, selection, ranges, choice);
  }
}
