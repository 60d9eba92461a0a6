package io.vitessbeam.connect;

import java.sql.Connection;
import java.util.List;

/**
 * Opens sessions of a {@link MysqlSource}, all in UTC and with text in UTF-8, and knows what the
 * engine has to know of the server. Stateless; for any thread.
 */
public sealed interface MysqlSessions permits Vtgate, MysqlServer {

  /**
   * The parts that hold different rows of a table, at least one; a single one may have an empty
   * name.
   *
   * @throws io.vitessbeam.ConfigurationException if the server is of another kind than the URI says
   *     or lacks the keyspace or database
   */
  List<String> shards();

  /**
   * A session for small questions.
   *
   * @param shard one of {@link #shards()}; empty for all of them
   */
  Connection lookUp(String shard);

  /** A session for streaming reads, which have no limit of rows. */
  Connection reading(String shard);

  /**
   * A session for writing, with statements that the server prepares: strict, so that a value that
   * does not fit is an error, but with dates that no calendar has and with 0 in an AUTO_INCREMENT
   * column, which are stored as they are.
   *
   * @param shard one of {@link #shards()}
   */
  Connection writer(String shard);

  /** What the source calls a set of tables, as the first word of a sentence. */
  String noun();
}
