package io.vitessbeam.schema;

import binlogdata.Binlogdata.FieldEvent;
import binlogdata.Binlogdata.Filter;
import binlogdata.Binlogdata.RowChange;
import binlogdata.Binlogdata.Rule;
import binlogdata.Binlogdata.ShardGtid;
import binlogdata.Binlogdata.VEvent;
import binlogdata.Binlogdata.VEventType;
import binlogdata.Binlogdata.VGtid;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.vitess.proto.Query;
import io.vitess.proto.Topodata.TabletType;
import io.vitess.proto.Vtgate;
import io.vitess.proto.grpc.VitessGrpc;
import io.vitessbeam.schema.stream.Collations;
import io.vitessbeam.schema.stream.StreamColumn;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The rows of tables of {@code shop} as a VStream sends them, by a client of a few lines. */
public record StreamedRows(FieldEvent fields, List<RowChange> changes, boolean copy) {

  private static final String KEYSPACE = TestVitess.SHOP;

  /** All rows by VStream's copy phase. */
  static StreamedRows copy(TestVitess vitess, String table) {
    return read(vitess, "", List.of(table), VEventType.COPY_COMPLETED, 1).get(table);
  }

  /** The first changes of a table after a position. */
  static StreamedRows stream(TestVitess vitess, String table, String position, int count) {
    return read(vitess, position, List.of(table), VEventType.ROW, count).get(table);
  }

  /** The changes of some tables, until one of the last has come. */
  public static Map<String, StreamedRows> streamUntil(
      TestVitess vitess, String position, List<String> tables) {
    return read(vitess, position, tables, VEventType.UNKNOWN, 1);
  }

  /** Where the shard stands now. */
  public static String position(TestVitess vitess) throws SQLException {
    try (Connection connection = vitess.connect(KEYSPACE);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW GLOBAL GTID_EXECUTED FROM " + KEYSPACE)) {
      row.next();
      return "MySQL56/" + row.getString("gtid_executed");
    }
  }

  private static Map<String, StreamedRows> read(
      TestVitess vitess, String position, List<String> tables, VEventType end, int count) {
    Filter.Builder filter = Filter.newBuilder();
    for (String table : tables) {
      String select = "select * from " + SqlText.identifier(table);
      filter.addRules(Rule.newBuilder().setMatch(table).setFilter(select));
    }
    ShardGtid start =
        ShardGtid.newBuilder().setKeyspace(KEYSPACE).setShard("0").setGtid(position).build();
    Vtgate.VStreamRequest request =
        Vtgate.VStreamRequest.newBuilder()
            .setTabletType(TabletType.PRIMARY)
            .setVgtid(VGtid.newBuilder().addShardGtids(start))
            .setFilter(filter)
            .build();
    Map<String, StreamedRows> rows = new LinkedHashMap<>();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress(vitess.host(), vitess.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
    try {
      Iterator<Vtgate.VStreamResponse> responses =
          VitessGrpc.newBlockingStub(channel)
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .vStream(request);
      int ends = 0;
      while (ends < count) {
        for (VEvent event : responses.next().getEventsList()) {
          String table = add(rows, event, position.isEmpty());
          boolean isEnd =
              end == VEventType.UNKNOWN
                  ? table.equals(tables.get(tables.size() - 1))
                  : end == event.getType();
          ends += isEnd ? Math.max(1, event.getRowEvent().getRowChangesCount()) : 0;
        }
      }
      return rows;
    } finally {
      channel.shutdownNow();
    }
  }

  /** Gives the table of a row, which begins with the keyspace in the stream. */
  private static String add(Map<String, StreamedRows> rows, VEvent event, boolean copy) {
    if (event.getType() == VEventType.FIELD) {
      FieldEvent fields = event.getFieldEvent();
      rows.put(
          unqualified(fields.getTableName()), new StreamedRows(fields, new ArrayList<>(), copy));
    } else if (event.getType() == VEventType.ROW) {
      String table = unqualified(event.getRowEvent().getTableName());
      rows.get(table).changes().addAll(event.getRowEvent().getRowChangesList());
      return table;
    }
    return "";
  }

  private static String unqualified(String table) {
    return table.substring(table.indexOf('.') + 1);
  }

  /** A row's values by column, NULLs included, after the conversion. */
  Map<String, byte[]> convert(Query.Row row, TableSchema schema, Collations collations) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    ByteString all = row.getValues();
    int at = 0;
    for (int i = 0; i < fields.getFieldsCount(); i++) {
      int length = Math.toIntExact(row.getLengths(i));
      String name = fields.getFields(i).getName();
      if (length < 0) {
        values.put(name, null);
      } else {
        StreamColumn column =
            StreamColumn.of(
                schema.column(name),
                fields.getFields(i),
                fields.getEnumSetStringValues(),
                copy,
                collations);
        byte[] value = all.substring(at, at + length).toByteArray();
        values.put(name, column.isIdentity() ? value : column.convert(value, 0, length));
        at += length;
      }
    }
    return values;
  }
}
