package io.vitessbeam.read.resolve;

import io.vitessbeam.ConfigurationException;

/** Turns what a user asked for into a request that the server can serve, or says why it can't. */
public final class ReadResolver {

  private ReadResolver() {}

  /**
   * Connects to the server, which must know the keyspace, the table and its columns.
   *
   * @throws ConfigurationException for what the user has to change
   * @throws io.vitessbeam.TransientException if the server can't be reached
   */
  public static ReadRequest resolve(ReadOptions options) {
    if (options.selection().table().isEmpty() == options.selection().query().isEmpty()) {
      throw new ConfigurationException("Give either a table or a query to read");
    }
    return options.selection().query().isEmpty()
        ? new TableResolver(options).resolve()
        : new QueryResolver(options).resolve();
  }
}
