package io.vitessbeam.read.duckdb;

import java.io.Serializable;
import java.sql.SQLException;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/** A table that a connection has to be given before a statement can read it, once. */
@FunctionalInterface
interface AttachedTable extends Serializable {

  /** None: the statement finds what it reads. */
  AttachedTable NONE = connection -> Rows.NONE;

  /** Gives it to a connection, for one statement. */
  Rows attach(DuckDBConnection connection) throws SQLException;

  /** The rows of one statement; to be closed after it. */
  @FunctionalInterface
  interface Rows extends AutoCloseable {

    Rows NONE = Optional::empty;

    /** What ended them before their time: DuckDB tells no more than its text. */
    Optional<RuntimeException> failure();

    @Override
    default void close() {}
  }
}
