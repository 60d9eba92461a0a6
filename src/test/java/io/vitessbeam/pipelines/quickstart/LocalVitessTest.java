package io.vitessbeam.pipelines.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.pipelines.quickstart.LocalVitess.Address;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Shards;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalVitessTest {

  @Test
  void readsTheAddressOfAnInstance() {
    Address address =
        Address.parse(
            """
            {"name":"vitess-1","host":"127.0.0.1","mysql_port":21003,"grpc_port":21001,
             "keyspaces":[{"name":"shop","shards":["0"]},{"name":"big","shards":["-80","80-"]}],
             "uri":"vitess://127.0.0.1:21003/shop","dir":"/tmp/x","pid":7,"mysqld_socket":"/tmp/x/s","something_new":[1]}
            """);
    assertThat(address.name()).contains("vitess-1");
    assertThat(address.mysqlPort()).isEqualTo(21003);
    assertThat(address.grpcPort()).contains(21001);
    assertThat(address.mysqldSocket()).contains(Path.of("/tmp/x/s"));
    assertThat(address.keyspaces())
        .containsExactly(
            new Shards("shop", List.of("0")), new Shards("big", List.of("-80", "80-")));
  }

  @Test
  void readsTheAddressOfAnotherVitess() {
    Address address =
        Address.parse(
            """
            {"name":null,"host":"db","mysql_port":3306,"grpc_port":null,
             "keyspaces":[{"name":"shop","shards":null}],"uri":"vitess://u:p@db/shop","dir":null}
            """);
    assertThat(address.name()).isEmpty();
    assertThat(address.grpcPort()).isEmpty();
    assertThat(address.mysqldSocket()).isEmpty();
    assertThat(address.keyspaces()).containsExactly(new Shards("shop", List.of()));
  }

  @Test
  void refusesSomethingElse() {
    assertThatThrownBy(() -> Address.parse("up: no")).hasMessageContaining("something else");
  }
}
