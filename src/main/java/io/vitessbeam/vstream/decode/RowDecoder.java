package io.vitessbeam.vstream.decode;

import binlogdata.Binlogdata.FieldEvent;
import io.vitess.proto.Query;
import io.vitess.proto.Query.Field;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.wire.RowImages;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the row images of one table into rows of its schema, by the field event before them. Values
 * are taken by the names of their columns: shards may have them in different orders.
 */
public final class RowDecoder {

  /** Makes of a value's bytes in the stream what the OLAP workload sends; null for no change. */
  public interface Conversions {

    /**
     * The conversion of a column's values, null if they are right as they are.
     *
     * @param copying whether the rows come from the copy phase
     */
    Conversion of(Column column, Field field, boolean labelsAreText, boolean copying);
  }

  /** Converts one value. */
  public interface Conversion {
    byte[] convert(byte[] bytes, int offset, int length);
  }

  private static final int MISSING = -1;

  private final TableSchema schema;
  private final ChangeBuilder target;
  private final boolean withBefore;
  private final boolean mayLack;
  private final int fieldCount;

  /** By column of the schema: its field, or {@link #MISSING}. */
  private final int[] fields;

  private final Conversion[] copied;
  private final Conversion[] streamed;

  /** By column of the schema: its number among the JSON fields, from 0 on. */
  private final int[] jsonIndexes;

  /** By column of the schema: whether NOBLOB may leave it out. */
  private final boolean[] blobs;

  private final int[] key;

  /**
   * @param mayLack whether a column that older rows lack reads NULL in them whatever it is, as long
   *     as it is no part of the key
   * @throws BrokenTableException if the fields are not the columns that the schema has
   */
  RowDecoder(
      TableSchema schema,
      FieldEvent event,
      ChangeBuilder target,
      boolean withBefore,
      boolean mayLack,
      Conversions conversions)
      throws BrokenTableException {
    this.schema = schema;
    this.target = target;
    this.withBefore = withBefore;
    this.mayLack = mayLack;
    this.fieldCount = event.getFieldsCount();
    int columns = schema.columns().size();
    this.fields = new int[columns];
    this.copied = new Conversion[columns];
    this.streamed = new Conversion[columns];
    this.jsonIndexes = new int[columns];
    this.blobs = new boolean[columns];
    this.key = schema.primaryKey().stream().mapToInt(schema::indexOf).toArray();
    bind(event, conversions);
  }

  private void bind(FieldEvent event, Conversions conversions) throws BrokenTableException {
    Map<String, Integer> indexes = new HashMap<>();
    int[] json = new int[fieldCount];
    int jsonFields = 0;
    for (int i = 0; i < fieldCount; i++) {
      Field field = event.getFields(i);
      indexes.put(field.getName(), i);
      json[i] = field.getType() == Query.Type.JSON ? jsonFields++ : MISSING;
      if (field.getName().startsWith("@") && schema.indexOf(field.getName()) < 0) {
        throw new BrokenTableException(
            "its columns were changed, and the server can't name those of older changes");
      }
    }
    boolean missing = false;
    for (int i = 0; i < fields.length; i++) {
      Column column = schema.columns().get(i);
      fields[i] = indexes.getOrDefault(column.name(), MISSING);
      jsonIndexes[i] = MISSING;
      if (fields[i] == MISSING) {
        missing = true;
        if (isKey(i) || (!mayLack && !column.nullable())) {
          throw new BrokenTableException("older changes lack column " + column.name());
        }
        continue;
      }
      if (missing) {
        throw new BrokenTableException(
            "older changes lack a column before column " + column.name());
      }
      Field field = event.getFields(fields[i]);
      if (!FieldTypes.fits(field.getType(), column.type())) {
        throw new BrokenTableException("column " + column.name() + " had another type");
      }
      jsonIndexes[i] = json[fields[i]];
      blobs[i] = FieldTypes.isBlob(field.getType());
      boolean labels = event.getEnumSetStringValues();
      copied[i] = conversions.of(column, field, labels, true);
      streamed[i] = conversions.of(column, field, labels, false);
    }
  }

  /**
   * Adds the rows of a change.
   *
   * @param copying whether it is a row of the copy phase
   * @throws BrokenTableException if it can't be told what the row is now
   */
  void add(RowImages images, boolean copying) throws BrokenTableException {
    requireFields(images.before());
    requireFields(images.after());
    if (images.before().isPresent()) {
      requireKey(images.before());
    }
    if (!images.after().isPresent()) {
      if (images.before().isPresent()) {
        addWhole(RowKind.DELETE, images.bytes(), images.before(), streamed);
      }
    } else if (!images.before().isPresent()) {
      requireInserted(images);
      RowKind kind = copying ? RowKind.COPY : RowKind.INSERT;
      addWhole(kind, images.bytes(), images.after(), copying ? copied : streamed);
    } else if (!changesKey(images)) {
      if (withBefore) {
        addWhole(RowKind.BEFORE, images.bytes(), images.before(), streamed);
      }
      addAfter(images);
    } else {
      if (isIncomplete(images)) {
        throw new BrokenTableException(
            "the key of a row changed, and the change did not have all of its columns"
                + " (binlog_row_image)");
      }
      addWhole(RowKind.DELETE, images.bytes(), images.before(), streamed);
      addWhole(RowKind.INSERT, images.bytes(), images.after(), streamed);
    }
  }

  private void requireFields(RowImages.Image image) {
    if (image.isPresent() && image.columns() != fieldCount) {
      throw new DataException(
          "A change of "
              + schema.qualifiedName()
              + " has "
              + image.columns()
              + " columns, but "
              + fieldCount
              + " were announced");
    }
  }

  /** What a row was before has no mark for columns that did not come: they look like NULL. */
  private void requireKey(RowImages.Image before) throws BrokenTableException {
    for (int column : key) {
      if (before.length(fields[column]) < 0 && !schema.columns().get(column).nullable()) {
        throw new BrokenTableException(
            "a change came without the key that its row had before (binlog_row_image)");
      }
    }
  }

  /**
   * A new row lacks what was not given. With binlog_row_image=NOBLOB that are columns that can only
   * be NULL then; with MINIMAL they have their defaults, which don't come.
   */
  private void requireInserted(RowImages images) throws BrokenTableException {
    if (!images.isPartial()) {
      return;
    }
    for (int i = 0; i < fields.length; i++) {
      if (fields[i] != MISSING
          && !images.isInAfter(fields[i])
          && !(schema.columns().get(i).nullable() && blobs[i])) {
        throw new BrokenTableException(
            "a new row came without column "
                + schema.columns().get(i).name()
                + " (binlog_row_image)");
      }
    }
  }

  private boolean isIncomplete(RowImages images) {
    for (int i = 0; i < fields.length; i++) {
      if (fields[i] != MISSING
          && (!images.isInAfter(fields[i])
              || (jsonIndexes[i] != MISSING && images.isPartialJson(jsonIndexes[i])))) {
        return true;
      }
    }
    return false;
  }

  private boolean changesKey(RowImages images) {
    byte[] bytes = images.bytes();
    for (int column : key) {
      int field = fields[column];
      if (!images.isInAfter(field)) {
        continue;
      }
      int before = images.before().offset(field);
      int after = images.after().offset(field);
      int beforeLength = images.before().length(field);
      int afterLength = images.after().length(field);
      if (beforeLength != afterLength
          || !Arrays.equals(
              bytes, before, before + beforeLength, bytes, after, after + afterLength)) {
        return true;
      }
    }
    return false;
  }

  private void addWhole(RowKind kind, byte[] bytes, RowImages.Image image, Conversion[] conversions)
      throws BrokenTableException {
    target.startRow(kind);
    BlockBuilder values = target.values();
    for (int i = 0; i < fields.length; i++) {
      addValue(values, i, bytes, image, conversions);
    }
  }

  private void addAfter(RowImages images) throws BrokenTableException {
    target.startRow(RowKind.UPDATE);
    BlockBuilder values = target.values();
    byte[] bytes = images.bytes();
    boolean partial = images.isPartial();
    for (int i = 0; i < fields.length; i++) {
      int field = fields[i];
      if (partial && field != MISSING && !images.isInAfter(field)) {
        if (isKey(i)) {
          addValue(values, i, bytes, images.before(), streamed);
        } else {
          values.addNull();
          target.markAbsent(i);
        }
      } else if (jsonIndexes[i] != MISSING && images.isPartialJson(jsonIndexes[i])) {
        addPartialJson(values, i, images);
      } else {
        addValue(values, i, bytes, images.after(), streamed);
      }
    }
  }

  /** With an empty text the document is what it was; else it is an expression over what it was. */
  private void addPartialJson(BlockBuilder values, int column, RowImages images)
      throws BrokenTableException {
    int length = images.after().length(fields[column]);
    if (length < 0) {
      values.addNull();
      return;
    }
    if (length > 0) {
      throw new ConfigurationException(
          "Column "
              + schema.columns().get(column).name()
              + " of "
              + schema.qualifiedName()
              + " was changed by a difference of its JSON, which is not applied: set"
              + " binlog_row_value_options='' on the MySQL servers, and begin again with a copy");
    }
    addValue(values, column, images.bytes(), images.before(), streamed);
  }

  private boolean isKey(int column) {
    for (int part : key) {
      if (part == column) {
        return true;
      }
    }
    return false;
  }

  private void addValue(
      BlockBuilder values,
      int column,
      byte[] bytes,
      RowImages.Image image,
      Conversion[] conversions)
      throws BrokenTableException {
    int field = fields[column];
    int length = field == MISSING ? -1 : image.length(field);
    if (length < 0) {
      values.addNull();
    } else if (conversions[column] == null) {
      values.addValue(bytes, image.offset(field), length);
    } else {
      byte[] converted = convert(column, conversions[column], bytes, image.offset(field), length);
      values.addValue(converted, 0, converted.length);
    }
  }

  /** A document that Vitess prints wrongly can be had by a query. */
  private byte[] convert(int column, Conversion conversion, byte[] bytes, int offset, int length)
      throws BrokenTableException {
    try {
      return conversion.convert(bytes, offset, length);
    } catch (DataException e) {
      if (jsonIndexes[column] == MISSING) {
        throw e;
      }
      throw new BrokenTableException(
          "a change has in column %s what is no JSON, as Vitess sent it"
              .formatted(schema.columns().get(column).name()));
    }
  }

  /** Adds the row that stands for the loss of all rows. */
  static void addTruncation(List<Column> columns, ChangeBuilder target) {
    target.startRow(RowKind.TRUNCATE);
    for (int i = 0; i < columns.size(); i++) {
      target.values().addNull();
    }
  }
}
