package io.vitessbeam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import io.vitessbeam.connect.VitessUri;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The sessions by which the tables are looked at. */
class SourceTablesTest {

  private final List<String> closed = new ArrayList<>();

  private Connection session(String name) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("close");
              closed.add(name);
              return null;
            });
  }

  private static SourceTables open(Function<String, Connection> sessions) {
    return new SourceTables(
        VitessUri.parse("vitess://host:1/shop"), List.of("-80", "80-"), sessions);
  }

  @Test
  void bothAreClosed() {
    open(this::session).close();

    assertThat(closed).containsExactlyInAnyOrder("-80", "");
  }

  @Test
  void theFirstIsClosedIfThereIsNoSecond() {
    TransientException away = new TransientException("away", null);

    assertThatThrownBy(
            () ->
                open(
                    name -> {
                      if (name.isEmpty()) {
                        throw away;
                      }
                      return session(name);
                    }))
        .isSameAs(away);
    assertThat(closed).containsExactly("-80");
  }
}
