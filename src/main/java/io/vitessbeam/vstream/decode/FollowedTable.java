package io.vitessbeam.vstream.decode;

import binlogdata.Binlogdata.FieldEvent;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.position.CommitPoint;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.wire.RowImages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A table of a stream: how its rows are decoded, and those that were. For one thread. */
public final class FollowedTable {

  private static final int FIRST_BYTES = 4 << 10;

  private final ShardStream stream;
  private final ShardStream.Table table;
  private TableSchema schema;
  private ChangeBuilder rows;
  private RowDecoder decoder;

  /** Transactions whose changes are left out; null once all of them are past. */
  private GtidSet after;

  /** Whether the stream leaves it out, because nothing is wanted of it yet. */
  private boolean waiting;

  FollowedTable(ShardStream stream, ShardStream.Table table, CommitPoint from) {
    this.stream = stream;
    this.table = table;
    this.schema = table.schema();
    this.rows = rowsOf(schema);
    if (!table.after().isEmpty()) {
      GtidSet set = GtidSet.parse(table.after());
      this.after = from.set().contains(set) ? null : set;
      this.waiting = after != null && from.copied() && set.contains(from.set());
    }
  }

  private ChangeBuilder rowsOf(TableSchema columns) {
    return new ChangeBuilder(columns, FIRST_BYTES, stream.before());
  }

  public String name() {
    return table.schema().table();
  }

  public TableSchema schema() {
    return schema;
  }

  public ChangeBuilder rows() {
    return rows;
  }

  boolean isWaiting() {
    return waiting;
  }

  void endWaiting() {
    waiting = false;
  }

  boolean hasAll(GtidSet set) {
    return after != null && after.contains(set);
  }

  /** Whether the rows of the transaction behind which the shard has the set are left out. */
  boolean leavesOut(GtidSet set) {
    if (!hasAll(set)) {
      after = null;
    }
    return after != null;
  }

  /**
   * Whether a change that adds columns is none to who follows the table; else whether what was read
   * of its schema has them already: rows of before miss them, and NULL can be their value.
   *
   * <p>An online DDL of Vitess's puts another table in the place of this one. It is what it carries
   * out there.
   */
  boolean expects(DdlStatement statement, Alterations alterations) {
    return switch (statement.effect()) {
      case ADDS_COLUMNS ->
          stream.newColumns() != NewColumns.BREAK
              || statement.addedColumns().stream()
                  .mapToInt(schema::indexOf)
                  .allMatch(index -> index >= 0 && schema.columns().get(index).nullable());
      case ADDS_FILLED_COLUMNS -> stream.newColumns() != NewColumns.BREAK;
      case CHANGES ->
          statement
              .onlineMigration(name())
              .flatMap(alterations::migration)
              .map(DdlStatement::new)
              .filter(carriedOut -> expectsOnline(carriedOut, alterations))
              .isPresent();
      case NONE, TRUNCATES -> false;
    };
  }

  private boolean expectsOnline(DdlStatement carriedOut, Alterations alterations) {
    return switch (carriedOut.effect()) {
      case NONE -> !carriedOut.mayDropDuplicates();
      case ADDS_COLUMNS, ADDS_FILLED_COLUMNS ->
          !carriedOut.mayDropDuplicates() && expects(carriedOut, alterations);
      case CHANGES, TRUNCATES -> false;
    };
  }

  /** The schema with what it has got according to the event that announces rows. */
  public TableSchema announced(FieldEvent event, Alterations alterations) {
    if (stream.newColumns() != NewColumns.TAKE) {
      return schema;
    }
    Set<String> names = new HashSet<>();
    event.getFieldsList().forEach(field -> names.add(field.getName()));
    schema.columns().forEach(column -> names.remove(column.name()));
    names.removeAll(table.without());
    names.removeIf(name -> name.startsWith("@"));
    if (names.isEmpty()) {
      return schema;
    }
    List<Column> columns = new ArrayList<>(schema.columns());
    alterations.columns(name()).stream()
        .filter(column -> names.contains(column.name()))
        // Rows of before miss it.
        .map(Column::asNullable)
        .forEach(columns::add);
    return schema.withColumns(columns);
  }

  /** Takes another schema, when no rows of the former one are left. */
  public void become(TableSchema other) {
    schema = other;
    rows = rowsOf(other);
  }

  public void describe(FieldEvent event, RowDecoder.Conversions conversions)
      throws BrokenTableException {
    boolean mayLack = stream.newColumns() != NewColumns.BREAK;
    decoder = new RowDecoder(schema, event, rows, stream.before(), mayLack, conversions);
  }

  /** Another stream describes the table anew. */
  void forget() {
    decoder = null;
  }

  public boolean isDescribed() {
    return decoder != null;
  }

  void add(RowImages images, boolean copying) throws BrokenTableException {
    decoder.add(images, copying);
  }

  void truncate() {
    RowDecoder.addTruncation(schema.columns(), rows);
  }

  /** The committed rows; null if there are none. */
  Block takeCommitted(Origin origin) {
    return rows.buildCommitted(origin);
  }
}
