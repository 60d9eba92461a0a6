package io.vitessbeam.vstream.decode;

import io.vitessbeam.schema.Column;
import java.util.List;
import java.util.Optional;

/** Tells of tables that were altered what the stream doesn't say. */
public interface Alterations {

  /**
   * All that the table has now; none if it is gone.
   *
   * @throws io.vitessbeam.TransientException if the shard doesn't answer
   */
  List<Column> columns(String table);

  /**
   * The statement that an online DDL of Vitess's carries out; nothing if it isn't known any more.
   *
   * @param migration its id
   * @throws io.vitessbeam.TransientException if the keyspace doesn't answer
   */
  Optional<String> migration(String migration);
}
