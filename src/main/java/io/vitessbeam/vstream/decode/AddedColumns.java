package io.vitessbeam.vstream.decode;

import io.vitessbeam.schema.Column;
import java.util.List;

/** Tells the columns of a table that has got more than the stream knows of. */
public interface AddedColumns {

  /**
   * All that the table has now; none if it is gone.
   *
   * @throws io.vitessbeam.TransientException if the shard doesn't answer
   */
  List<Column> of(String table);
}
