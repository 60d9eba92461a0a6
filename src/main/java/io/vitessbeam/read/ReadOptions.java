package io.vitessbeam.read;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.schema.ZeroDates;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What a user asked to be read, not yet checked against the server. Empty text stands for "not
 * given".
 *
 * @param table {@code table} or {@code keyspace.table}
 * @param query a SELECT, instead of a table
 * @param without columns to leave out
 * @param incrementalKey column that {@code from} and {@code to} bound, both inclusive
 * @param limit most rows to read, -1 for all
 * @param ranges how many key ranges to read in parallel, over all shards
 */
public record ReadOptions(
    VitessUri uri,
    String table,
    String query,
    List<String> without,
    String incrementalKey,
    String from,
    String to,
    long limit,
    int ranges,
    ZeroDates zeroDates)
    implements Serializable {

  public static final int DEFAULT_RANGES = 4;

  public ReadOptions {
    Objects.requireNonNull(uri, "uri");
    without = List.copyOf(without);
  }

  public static ReadOptions of(VitessUri uri) {
    return new ReadOptions(uri, "", "", List.of(), "", "", "", -1, DEFAULT_RANGES, ZeroDates.FAIL);
  }

  public ReadOptions withTable(String newTable) {
    return new ReadOptions(
        uri, newTable, query, without, incrementalKey, from, to, limit, ranges, zeroDates);
  }

  public ReadOptions withQuery(String newQuery) {
    return new ReadOptions(
        uri, table, newQuery, without, incrementalKey, from, to, limit, ranges, zeroDates);
  }

  public ReadOptions without(List<String> columns) {
    return new ReadOptions(
        uri, table, query, columns, incrementalKey, from, to, limit, ranges, zeroDates);
  }

  public ReadOptions withInterval(String column, String start, String end) {
    return new ReadOptions(
        uri, table, query, without, column, start, end, limit, ranges, zeroDates);
  }

  public ReadOptions withLimit(long rows) {
    return new ReadOptions(
        uri, table, query, without, incrementalKey, from, to, rows, ranges, zeroDates);
  }

  public ReadOptions withRanges(int count) {
    return new ReadOptions(
        uri, table, query, without, incrementalKey, from, to, limit, count, zeroDates);
  }

  public ReadOptions withZeroDates(ZeroDates choice) {
    return new ReadOptions(
        uri, table, query, without, incrementalKey, from, to, limit, ranges, choice);
  }
}
