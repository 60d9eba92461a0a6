package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VitessUriTest {

  private static final String EXPECTED = "; expected vitess://user:password@host:3306/keyspace";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "vitess://h/ks, h, 3306, ks, '', '', PRIMARY, FALSE",
        "vitess://h:15306/ks, h, 15306, ks, '', '', PRIMARY, FALSE",
        "vitess://u@h/ks, h, 3306, ks, u, '', PRIMARY, FALSE",
        "vitess://u:p@h/ks, h, 3306, ks, u, p, PRIMARY, FALSE",
        "vitess://u:@h/ks, h, 3306, ks, u, '', PRIMARY, FALSE",
        "vitess://u%40x:p%2Fw%3a%3F%25@h/ks, h, 3306, ks, u@x, p/w:?%, PRIMARY, FALSE",
        "vitess://u:p+q@h/k%2Bs+t, h, 3306, k+s+t, u, p+q, PRIMARY, FALSE",
        "vitess://u:p@ss:word@h/ks, h, 3306, ks, u, p@ss:word, PRIMARY, FALSE",
        "vitess://[::1]:15306/ks, ::1, 15306, ks, '', '', PRIMARY, FALSE",
        "vitess://u:p@[fe80::2]/ks, fe80::2, 3306, ks, u, p, PRIMARY, FALSE",
        "vitess://h/ks@replica, h, 3306, ks, '', '', REPLICA, FALSE",
        "vitess://u:p@h/ks@RDONLY, h, 3306, ks, u, p, RDONLY, FALSE",
        "vitess://h/ks@primary, h, 3306, ks, '', '', PRIMARY, FALSE",
        "vitess://h/ks?tls=true, h, 3306, ks, '', '', PRIMARY, TRUE",
        "vitess://h/ks?tls=skip-verify, h, 3306, ks, '', '', PRIMARY, SKIP_VERIFY",
        "vitess://h/ks?tls=preferred, h, 3306, ks, '', '', PRIMARY, PREFERRED",
        "vitess://h/gr%C3%B6%C3%9Fe, h, 3306, größe, '', '', PRIMARY, FALSE"
      })
  void good(
      String text,
      String host,
      int port,
      String keyspace,
      String user,
      String password,
      TabletType type,
      TlsMode tls) {
    VitessUri uri = VitessUri.parse(text);

    assertThat(uri.host()).isEqualTo(host);
    assertThat(uri.port()).isEqualTo(port);
    assertThat(uri.keyspace()).isEqualTo(keyspace);
    assertThat(uri.address().user()).isEqualTo(user);
    assertThat(uri.address().password()).isEqualTo(new Secret(password));
    assertThat(uri.tabletType()).isEqualTo(type);
    assertThat(uri.address().tls()).isEqualTo(tls);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h:3306/ks | The URI has no scheme",
        "mysql://h/ks | The URI begins with mysql://",
        "vitess:///ks | The URI has no host",
        "vitess://u:p@/ks | The URI has no host",
        "vitess://u:p@:3306/ks | The URI has no host",
        "vitess://h | The URI has no keyspace",
        "vitess://h/ | The URI has no keyspace",
        "vitess://h/@replica | The URI has no keyspace",
        "vitess://::1/ks | The URI has more than one colon in its host; put an IPv6 address in"
            + " brackets",
        "vitess://[::1/ks | The URI has an IPv6 address without its closing bracket",
        "vitess://[::1]x/ks | The URI has something other than a port after its IPv6 address",
        "vitess://h:0/ks | The URI has a port that is not a number from 1 to 65535 (in a user name"
            + " or password write @ as %40, / as %2F, : as %3A)",
        "vitess://h:port/ks | The URI has a port that is not a number from 1 to 65535 (in a user"
            + " name or password write @ as %40, / as %2F, : as %3A)",
        "vitess://h/ks?tls | The URI has a parameter that is not of the form name=value",
        "vitess://h/ks?tls=true&tls=true | The URI has the parameter tls twice",
        "vitess://h/ks?x=a@b | The URI has an @ behind its ? (in a user name or password write ? as"
            + " %3F, else @ as %40)",
        "vitess://u:%@h/ks | The URI has a % in its password that no two hexadecimal digits follow;"
            + " write it as %25"
      })
  void bad(String text, String message) {
    assertThatThrownBy(() -> VitessUri.parse(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message + EXPECTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vitess://h/ks@master | @master is no tablet type; use @primary, @replica or @rdonly",
        "vitess://h/ks:-80 | The URI's keyspace holds a / or a :; give the keyspace alone, all its"
            + " shards are read (in a user name or password write / as %2F)",
        "vitess://h/ks?grpc=1 | The vitess URI has the unknown parameter grpc; known are tls,"
            + " tls_ca, password_file and password_env",
        "vitess://h/ks?tls=yes | tls=yes is unknown; use tls=false, tls=true, tls=skip-verify,"
            + " tls=preferred",
        "vitess://h/ks?tls_ca=/ca.pem | tls_ca has an effect with tls=true only, and the URI has"
            + " tls=false"
      })
  void badMeaning(String text, String message) {
    assertThatThrownBy(() -> VitessUri.parse(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void caFilesThatCannotBeRead(@TempDir Path folder) throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path noPem = Files.writeString(folder.resolve("no.pem"), "-----BEGIN CERTIFICATE-----\nx");

    for (Path file : new Path[] {folder.resolve("missing.pem"), empty, noPem}) {
      VitessUri uri = VitessUri.parse("vitess://u:geh3im@127.0.0.1:1/ks?tls=true&tls_ca=" + file);
      assertThatThrownBy(() -> new Vtgate(uri).lookUp("").close())
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("tls_ca: " + file)
          .hasMessageNotContainingAny("geh3im");
    }
  }

  @Test
  void textsAreWithoutUserAndPassword() {
    VitessUri uri = VitessUri.parse("vitess://us3r:geh3im@[::1]/ks@replica?tls=true");

    assertThat(uri).hasToString("vitess://[::1]:3306/ks@replica");
    assertThat(uri.address().toString()).doesNotContain("geh3im");
    assertThat(uri.withKeyspace("other")).hasToString("vitess://[::1]:3306/other@replica");
  }

  /** With characters that should have been encoded, in every place of the password. */
  @Property
  void noMessageHoldsThePassword(
      @ForAll @StringLength(max = 4) @CharRange(from = '!', to = '@') String before,
      @ForAll @StringLength(max = 4) @CharRange(from = '!', to = '@') String behind,
      @ForAll boolean port) {
    for (String scheme : new String[] {"vitess://", "vitess:/", "", "mysql://"}) {
      String text =
          scheme + "u:" + before + "geh3im" + behind + "@h" + (port ? ":3306" : "") + "/ks@replica";
      Throwable failure = catchThrowable(() -> assertSilent(VitessUri.parse(text)));
      if (failure != null) {
        assertThat(failure).isInstanceOf(ConfigurationException.class);
        assertThat(failure.getMessage()).as(text).doesNotContain("geh3im");
      }
    }
  }

  private static void assertSilent(VitessUri uri) {
    // A ? before the word makes a query of it and a / a keyspace, which such a password can't be.
    if (!uri.keyspace().contains("geh3im") && !uri.host().contains("geh3im")) {
      assertThat(uri.toString()).doesNotContain("geh3im");
    }
  }
}
