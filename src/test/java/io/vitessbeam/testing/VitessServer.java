package io.vitessbeam.testing;

/** A Vitess that a test started, or was given. Closing it ends what was started. */
interface VitessServer extends AutoCloseable {

  /** {@code vitess://…} of one of its keyspaces, without parameters. */
  String uri();

  String host();

  int mysqlPort();

  /** The port of vtgate's gRPC service; 0 if it isn't known. */
  int grpcPort();

  @Override
  void close();
}
