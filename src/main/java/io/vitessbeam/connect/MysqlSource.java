package io.vitessbeam.connect;

import java.io.Serializable;

/**
 * Where a read over the MySQL protocol goes: a keyspace of a Vitess or a database of a MySQL
 * server. Its {@code toString} shows neither user nor password.
 */
public sealed interface MysqlSource extends Serializable permits VitessUri, MysqlUri {

  /** The name of the keyspace or the database. */
  String keyspace();

  /** The same server with another keyspace or database. */
  MysqlSource withKeyspace(String other);

  /** Opens sessions there. */
  MysqlSessions sessions();
}
