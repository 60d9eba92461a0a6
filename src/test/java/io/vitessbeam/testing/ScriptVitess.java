package io.vitessbeam.testing;

import io.vitessbeam.pipelines.quickstart.LocalVitess;

/** A Vitess started by {@code runners/vitess/up}, as the quickstart starts its own. */
record ScriptVitess(LocalVitess local) implements VitessServer {

  @Override
  public String uri() {
    String uri = local.address().uri();
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  @Override
  public String host() {
    return local.address().host();
  }

  @Override
  public int mysqlPort() {
    return local.address().mysqlPort();
  }

  @Override
  public int grpcPort() {
    return local.address().grpcPort().orElse(0);
  }

  @Override
  public void close() {
    local.close();
  }
}
