package io.vitessbeam.read.cursor;

import io.vitessbeam.DataException;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Adds the values of a source other than MySQL to a block. For one thread. */
public final class ColumnText {

  private static final int SHOWN_BYTES = 80;

  private final TableSchema schema;
  private final ValueText[] forms;

  public ColumnText(TableSchema schema, List<ValueText> forms) {
    this.schema = schema;
    this.forms = forms.toArray(ValueText[]::new);
  }

  /**
   * Adds a value to the row that was started.
   *
   * @param bytes are overwritten where the value stands
   * @throws DataException if a MySQL column of its type can't hold the value
   */
  public void add(BlockBuilder block, int column, byte[] bytes, int offset, int length) {
    Column to = schema.columns().get(column);
    int accepted;
    try {
      accepted = length == 0 ? 0 : forms[column].accept(bytes, offset, length, to.type());
    } catch (DataException e) {
      String shown =
          new String(bytes, offset, Math.min(length, SHOWN_BYTES), StandardCharsets.UTF_8);
      throw new DataException(
          "Column "
              + to.name()
              + " of "
              + schema.qualifiedName()
              + ", value '"
              + shown
              + (length > SHOWN_BYTES ? "…" : "")
              + "': "
              + e.getMessage(),
          e);
    }
    block.addValue(bytes, offset, accepted);
  }
}
