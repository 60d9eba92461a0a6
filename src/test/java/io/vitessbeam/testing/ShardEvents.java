package io.vitessbeam.testing;

import binlogdata.Binlogdata.FieldEvent;
import binlogdata.Binlogdata.Journal;
import binlogdata.Binlogdata.KeyspaceShard;
import binlogdata.Binlogdata.MigrationType;
import binlogdata.Binlogdata.RowChange;
import binlogdata.Binlogdata.RowEvent;
import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.TableLastPK;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import binlogdata.Binlogdata.VGtid;
import com.google.protobuf.ByteString;
import io.vitess.proto.Query;
import io.vitess.proto.Query.Field;
import io.vitess.proto.Query.QueryResult;
import io.vitess.proto.Query.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the events of one shard as vtgate sends them. Values are text, bytes, or null; numbers are
 * taken as their text.
 *
 * @param timestamp seconds at which the transactions were committed; 0 for rows that are copied
 */
public record ShardEvents(String keyspace, String shard, long timestamp) {

  private static final int UTF8MB4 = 255;
  private static final int BINARY = 63;

  /** Events of 2024-01-01. */
  public ShardEvents(String keyspace, String shard) {
    this(keyspace, shard, 1_704_067_200);
  }

  public ShardEvents at(long seconds) {
    return new ShardEvents(keyspace, shard, seconds);
  }

  /** The same shard while it is copied. */
  public ShardEvents copying() {
    return at(0);
  }

  public VEvent begin() {
    return event(VEventType.BEGIN).build();
  }

  public VEvent commit() {
    return event(VEventType.COMMIT).build();
  }

  public VEvent rollback() {
    return event(VEventType.ROLLBACK).build();
  }

  public VEvent other() {
    return event(VEventType.OTHER).build();
  }

  /** With {@code --track-schema-versions}, after each DDL. */
  public VEvent version() {
    return event(VEventType.VERSION).build();
  }

  public VEvent ddl(String statement) {
    return event(VEventType.DDL).setStatement(statement).build();
  }

  /** An event of a kind that these classes don't know. */
  public VEvent unknown() {
    return event(VEventType.UNKNOWN).setTypeValue(99).build();
  }

  /** The end of this shard's copy. */
  public VEvent copyCompleted() {
    return event(VEventType.COPY_COMPLETED).build();
  }

  /** The end of the whole copy, which names no shard. */
  public static VEvent allCopied() {
    return VEvent.newBuilder().setType(VEventType.COPY_COMPLETED).build();
  }

  /** The position of this shard alone. */
  public VEvent vgtid(String gtid) {
    return vgtid(shardGtid(gtid));
  }

  /** A position with the shards of the stream; vtgate sends it without a time. */
  public VEvent vgtid(ShardGtid... shards) {
    return event(VEventType.VGTID)
        .setTimestamp(0)
        .setVgtid(VGtid.newBuilder().addAllShardGtids(List.of(shards)))
        .build();
  }

  public ShardGtid shardGtid(String gtid, TableLastPK... lastKeys) {
    return ShardGtid.newBuilder()
        .setKeyspace(keyspace)
        .setShard(shard)
        .setGtid(gtid)
        .addAllTablePKs(List.of(lastKeys))
        .build();
  }

  /** How far the copy of a table has come. */
  public static TableLastPK lastKey(String table, Field key, Object value) {
    return TableLastPK.newBuilder()
        .setTableName(table)
        .setLastpk(QueryResult.newBuilder().addFields(key).addRows(row(value)))
        .build();
  }

  /** A reshard: where the new shards begin. */
  public VEvent journal(List<String> participants, ShardGtid... newShards) {
    Journal.Builder journal =
        Journal.newBuilder()
            .setId(1)
            .setMigrationType(MigrationType.SHARDS)
            .addTables("/.*")
            .addAllShardGtids(List.of(newShards));
    participants.forEach(
        name ->
            journal.addParticipants(
                KeyspaceShard.newBuilder().setKeyspace(keyspace).setShard(name)));
    return event(VEventType.JOURNAL).setJournal(journal).build();
  }

  /**
   * The columns of a table.
   *
   * @param table as it comes: with the keyspace in front, unless the request says otherwise
   */
  public VEvent fields(String table, Field... columns) {
    return event(VEventType.FIELD)
        .setFieldEvent(
            FieldEvent.newBuilder()
                .setTableName(table)
                .setKeyspace(keyspace)
                .setShard(shard)
                .setEnumSetStringValues(true)
                .addAllFields(List.of(columns)))
        .build();
  }

  /** A column by its type in SQL, such as {@code varchar(20)}. */
  public static Field column(String name, Query.Type type, String columnType) {
    boolean text =
        switch (type) {
          case TEXT, VARCHAR, CHAR, ENUM, SET -> true;
          default -> false;
        };
    return Field.newBuilder()
        .setName(name)
        .setOrgName(name)
        .setType(type)
        .setColumnType(columnType)
        .setCharset(text ? UTF8MB4 : BINARY)
        .build();
  }

  public VEvent rows(String table, RowChange... changes) {
    return event(VEventType.ROW)
        .setRowEvent(
            RowEvent.newBuilder()
                .setTableName(table)
                .setKeyspace(keyspace)
                .setShard(shard)
                .addAllRowChanges(List.of(changes)))
        .build();
  }

  public VEvent insert(String table, Object... values) {
    return rows(table, inserted(values));
  }

  public VEvent update(String table, Row before, Row after) {
    return rows(table, updated(before, after));
  }

  public VEvent delete(String table, Object... values) {
    return rows(table, deleted(values));
  }

  public static RowChange inserted(Object... values) {
    return RowChange.newBuilder().setAfter(row(values)).build();
  }

  public static RowChange updated(Row before, Row after) {
    return RowChange.newBuilder().setBefore(before).setAfter(after).build();
  }

  public static RowChange deleted(Object... values) {
    return RowChange.newBuilder().setBefore(row(values)).build();
  }

  /** The same change, which holds these columns only (binlog_row_image=noblob). */
  public static RowChange withColumns(RowChange change, boolean... present) {
    return change.toBuilder().setDataColumns(bitmap(present)).build();
  }

  /** The same change, whose JSON columns are expressions where said (PARTIAL_JSON). */
  public static RowChange withPartialJson(RowChange change, boolean... partial) {
    return change.toBuilder().setJsonPartialValues(bitmap(partial)).build();
  }

  /** Bit by bit from the lowest, as seen of vttablet. */
  private static RowChange.Bitmap bitmap(boolean... bits) {
    byte[] bytes = new byte[(bits.length + 7) / 8];
    for (int i = 0; i < bits.length; i++) {
      if (bits[i]) {
        bytes[i / 8] |= (byte) (1 << i % 8);
      }
    }
    return RowChange.Bitmap.newBuilder()
        .setCount(bits.length)
        .setCols(ByteString.copyFrom(bytes))
        .build();
  }

  public static Row row(Object... values) {
    Row.Builder row = Row.newBuilder();
    row.addAllLengths(
        Arrays.stream(values).map(value -> value == null ? -1L : bytes(value).length).toList());
    ByteString.Output all = ByteString.newOutput();
    for (Object value : values) {
      if (value != null) {
        byte[] bytes = bytes(value);
        all.write(bytes, 0, bytes.length);
      }
    }
    return row.setValues(all.toByteString()).build();
  }

  private static byte[] bytes(Object value) {
    return value instanceof byte[] raw ? raw : value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private VEvent.Builder event(VEventType type) {
    return VEvent.newBuilder()
        .setType(type)
        .setTimestamp(timestamp)
        .setKeyspace(keyspace)
        .setShard(shard);
  }
}
