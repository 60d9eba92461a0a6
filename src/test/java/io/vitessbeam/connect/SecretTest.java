package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

  @TempDir private Path folder;

  @Test
  void whereAPasswordIsComesAlongInAGraph() throws IOException {
    Path file = folder.resolve("password");
    Secret given = SerializableUtils.clone(Secret.inFile(file.toString()));

    Files.writeString(file, "one\n");
    assertThat(given.reveal()).isEqualTo("one");
    Files.writeString(file, "two \r\n");
    assertThat(given.reveal()).isEqualTo("two ");
    assertThat(SerializableUtils.clone(Secret.inEnvironment("PATH")).reveal())
        .isEqualTo(System.getenv("PATH"));
    assertThat(SerializableUtils.clone(new Secret("text")).reveal()).isEqualTo("text");
    assertThat(given).hasToString("***").isNotEqualTo(new Secret(file.toString()));
  }
}
