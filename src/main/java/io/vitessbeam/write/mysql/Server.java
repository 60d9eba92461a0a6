package io.vitessbeam.write.mysql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.load.LoadId;
import java.io.Serializable;
import java.sql.Connection;
import java.util.Optional;

/** What loads need to know of a server: how to reach one of its databases, and how it differs. */
public interface Server extends Serializable {

  /** What it is and where, for people; without any password. */
  String description();

  /** The database of a table that is named without one. */
  String defaultDatabase();

  /**
   * Makes sure that tables of a database can be loaded, before anything is touched.
   *
   * @throws ConfigurationException if there is no such database, or it can't take loads
   */
  Database database(String name);

  /** What a load into one of its databases is known by. */
  default LoadId<Server> id(LoadSpec spec) {
    return LoadId.of(this, defaultDatabase(), spec);
  }

  /** A database that can be loaded into. Stateless; for any thread. */
  interface Database {

    /** Far from vttablet's limit of 10,000 rows. */
    int ROWS_OF_TRANSACTION = 3000;

    String name();

    /** Far from the 30 s that a transaction has, and from what binary logs and replicas bear. */
    long BYTES_OF_TRANSACTION = 16 << 20;

    /** Bytes of these rows at most, unless it is one row. */
    default long bytesOfTransaction() {
      return BYTES_OF_TRANSACTION;
    }

    /** Rows that a transaction of a publication inserts, or deletes, at most. */
    default int rowsOfTransaction() {
      return ROWS_OF_TRANSACTION;
    }

    /** A session for writing, in UTC and strict, that prepares statements at the server. */
    Connection writer();

    /**
     * A session that shows with its locks that somebody lives: the server soon ends it when nothing
     * is heard of it any more, and it hears soon of a server that doesn't answer.
     */
    Connection signer();

    /** A session in which a statement may read a whole table, however long that takes. */
    Connection reader();

    /**
     * The statement after which a transaction of the session may be as long as it needs to be, if
     * it takes one.
     */
    Optional<String> withoutLimits();
  }
}
