package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.vstream.position.CdcLsn;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of the columns that are added to tables and to staged changes. */
public final class CdcColumns {

  /** Order of the row's last change, see {@link io.vitessbeam.vstream.position.CdcLsn}. */
  public static final String LSN = "\"_cdc_lsn\"";

  public static final String DELETED = "\"_cdc_deleted\"";
  public static final String SYNCED_AT = "\"_cdc_synced_at\"";

  /** Behind the columns of every table that follows a source. */
  public static final String OF_TABLES =
      LSN
          + " VARCHAR NOT NULL, "
          + DELETED
          + " BOOLEAN NOT NULL, "
          + SYNCED_AT
          + " TIMESTAMPTZ NOT NULL";

  /** Sorts the rows of one stream in the order in which they came; unique in it. */
  static final String PLACE = "\"_vitessbeam_place\"";

  static final String RANK = "\"_vitessbeam_rank\"";
  static final String NUMBER = "\"_vitessbeam_number\"";

  /** See {@link io.vitessbeam.block.RowKind}. */
  public static final String KIND = "\"_vitessbeam_kind\"";

  static final String SECONDS = "\"_vitessbeam_seconds\"";

  /** A character per column, 1 where the change did not send it; NULL if it sent all. */
  static final String ABSENT = "\"_vitessbeam_absent\"";

  /**
   * For columns of staged changes, which are read once: DuckDB's search for the best compression
   * costs more than it saves.
   */
  public static final String UNCOMPRESSED = " USING COMPRESSION uncompressed";

  /** Behind the columns of every table of staged changes. */
  public static final String OF_CHANGES =
      Stream.of(
              PLACE + " BIGINT",
              RANK + " BIGINT",
              NUMBER + " INTEGER",
              KIND + " TINYINT",
              SECONDS + " UINTEGER",
              ABSENT + " VARCHAR")
          .map(column -> column + UNCOMPRESSED)
          .collect(Collectors.joining(", "));

  private CdcColumns() {}

  /**
   * The {@code _cdc_lsn} of a row that comes with its marks, as an expression.
   *
   * @param from whose epoch and payload it has
   */
  public static String lsn(CdcLsn from) {
    return order(from.epoch(), RANK, NUMBER)
        + " || "
        + DuckDbSql.literal(":" + from.resume().encode());
  }

  /**
   * The order of a change, see {@link io.vitessbeam.vstream.position.CdcLsn#order}, as an
   * expression.
   */
  static String order(int epoch, String rank, String number) {
    return "printf('%06d.%%020d.%%010d', %s, %s)".formatted(epoch, rank, number);
  }
}
