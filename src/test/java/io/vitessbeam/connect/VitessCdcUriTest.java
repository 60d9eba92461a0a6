package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vitessbeam.ConfigurationException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class VitessCdcUriTest {

  @ParameterizedTest
  @CsvSource({
    "vitess+cdc://h/ks?grpc_port=15991, h, 15991, '', ''",
    "vitess+cdc://h/ks?grpc_port=1&grpc_host=g.example, g.example, 1, '', ''",
    "vitess+cdc://u:p%40q@h:15306/ks?grpc_port=65535, h, 65535, u, p@q",
    "vitess+cdc://[::1]/ks?grpc_port=15991, ::1, 15991, '', ''",
    "vitess+cdc://h/ks?grpc_port=15991&grpc_host=[::2], ::2, 15991, '', ''",
    "vitess+cdc://h/ks?grpc_port=15991&grpc_host=::2, ::2, 15991, '', ''",
    "vitess+cdc://h/ks?grpc_port=3306&grpc_host=g, g, 3306, '', ''"
  })
  void whereAndWho(String text, String host, int port, String user, String password) {
    VitessCdcUri uri = VitessCdcUri.parse(text);

    assertThat(uri.grpc())
        .isEqualTo(new GrpcAddress(host, port, user, new Secret(password), GrpcTls.NONE));
    assertThat(uri.vitess().address().user()).isEqualTo(user);
    assertThat(uri.vitess().address().password()).isEqualTo(new Secret(password));
  }

  @Test
  void defaults() {
    VitessCdcUri uri = VitessCdcUri.parse("vitess+cdc://u:p@h/ks?grpc_port=15991");

    assertThat(uri.vitess()).isEqualTo(VitessUri.parse("vitess://u:p@h/ks"));
    assertThat(uri.destSchema()).isEmpty();
    assertThat(uri.vstreamCopy()).isFalse();
    assertThat(uri).isEqualTo(VitessCdcUri.of(VitessUri.parse("vitess://u:p@h/ks"), "h", 15_991));
  }

  @Test
  void options() {
    VitessCdcUri uri =
        VitessCdcUri.parse(
            "vitess+cdc://h/ks?grpc_port=15991&mode=batch&copy=vstream&dest_schema=raw%20x");

    assertThat(uri.destSchema()).isEqualTo("raw x");
    assertThat(uri.vstreamCopy()).isTrue();
    assertThat(VitessCdcUri.parse("vitess+cdc://h/ks?grpc_port=1&copy=olap").vstreamCopy())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'', FALSE, ''",
    "&tls=false, FALSE, ''",
    "&tls=true, TRUE, ''",
    "&tls=true&tls_ca=/ca.pem, TRUE, /ca.pem",
    "&tls=skip-verify, SKIP_VERIFY, ''",
    "&tls=preferred, FALSE, ''",
    "&tls=preferred&grpc_tls=true, TRUE, ''",
    "&tls=preferred&grpc_tls=false, FALSE, ''",
    "&grpc_tls=true, TRUE, ''",
    "&grpc_tls=true&grpc_ca=/g.pem, TRUE, /g.pem",
    "&grpc_tls=skip-verify, SKIP_VERIFY, ''",
    "&tls=true&tls_ca=/ca.pem&grpc_tls=true, TRUE, /ca.pem",
    "&tls=true&tls_ca=/ca.pem&grpc_ca=/g.pem, TRUE, /g.pem",
    "&tls=true&tls_ca=/ca.pem&grpc_tls=skip-verify, SKIP_VERIFY, ''",
    "&tls=true&tls_ca=/ca.pem&grpc_tls=false, FALSE, ''"
  })
  void tlsIsThatOfTheMysqlPortUnlessGiven(String parameters, TlsMode mode, String ca) {
    assertThat(tls(parameters)).isEqualTo(new GrpcTls(mode, ca, "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "'', FALSE, ''",
    "?tls=false, FALSE, ''",
    "?tls=true, TRUE, ''",
    "?tls=true&tls_ca=/ca.pem, TRUE, /ca.pem",
    "?tls=skip-verify, SKIP_VERIFY, ''",
    "?tls=preferred, FALSE, ''"
  })
  void aUriOfTheMysqlPortGivesItsTlsToTheGrpcPort(String parameters, TlsMode mode, String ca) {
    VitessUri uri = VitessUri.parse("vitess://u:p@h/ks" + parameters);

    GrpcAddress grpc = VitessCdcUri.of(uri, "g", 1).grpc();

    assertThat(grpc)
        .isEqualTo(new GrpcAddress("g", 1, "u", new Secret("p"), new GrpcTls(mode, ca, "", "")));
  }

  /** gRPC knows nothing like it, and half of the connection being plain is not to be a surprise. */
  @Test
  void preferredWarns() {
    Logger logger = (Logger) LoggerFactory.getLogger(GrpcParameters.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      VitessCdcUri.parse("vitess+cdc://h/ks?grpc_port=15991&tls=preferred");
      VitessCdcUri.parse("vitess+cdc://u:geh3im@h/ks?grpc_port=15991&tls=preferred");
      VitessCdcUri.parse("vitess+cdc://h/ks?grpc_port=15991&tls=preferred&grpc_tls=false");
      VitessCdcUri.parse("vitess+cdc://h/ks?grpc_port=15991");
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.WARN);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .allSatisfy(
            message ->
                assertThat(message)
                    .contains("gRPC with h:15991 is not encrypted", "grpc_tls=true")
                    .doesNotContain("geh3im"))
        .last()
        .asString()
        .contains("the password neither");
  }

  @ParameterizedTest
  @ValueSource(strings = {"&grpc_tls=true", "&tls=true", "&grpc_tls=skip-verify"})
  void theClientsCertificate(String parameters) {
    GrpcTls tls = tls(parameters + "&grpc_cert=/c.pem&grpc_key=/c.key");

    assertThat(tls.cert()).isEqualTo("/c.pem");
    assertThat(tls.key()).isEqualTo("/c.key");
  }

  private static GrpcTls tls(String parameters) {
    return VitessCdcUri.parse("vitess+cdc://h/ks?grpc_port=15991" + parameters).grpc().tls();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | CDC over Vitess requires the vtgate gRPC port; add ?grpc_port=<port> to the source"
            + " URI (it differs from the MySQL protocol port)",
        "grpc_port=3306 | grpc_port=3306 is the MySQL protocol port of the URI; vtgate's gRPC port"
            + " is another one (its flag --grpc-port)",
        "grpc_port=0 | grpc_port=0 is not a number from 1 to 65535",
        "grpc_port=65536 | grpc_port=65536 is not a number from 1 to 65535",
        "grpc_port=x | grpc_port=x is not a number from 1 to 65535",
        "grpc_port=1&grpc_host=g:2 | grpc_host=g:2 is not a host name alone; a port belongs into"
            + " grpc_port",
        "grpc_port=1&grpc_host=http://g | grpc_host=http://g is not a host name alone; a port"
            + " belongs into grpc_port",
        "grpc_port=1&grpc_tls=preferred | invalid grpc_tls=\"preferred\"; use true, skip-verify, or"
            + " false",
        "grpc_port=1&grpc_tls=custom | invalid grpc_tls=\"custom\"; use true, skip-verify, or"
            + " false",
        "grpc_port=1&grpc_ca=/g.pem | grpc_ca has an effect with grpc_tls=true only, and the URI"
            + " has grpc_tls=false",
        "grpc_port=1&grpc_tls=skip-verify&grpc_ca=/g.pem | grpc_ca has an effect with grpc_tls=true"
            + " only, and the URI has grpc_tls=skip-verify",
        "grpc_port=1&grpc_tls=true&grpc_cert=/c.pem | grpc_cert and grpc_key belong together, and"
            + " the URI has grpc_cert only",
        "grpc_port=1&grpc_tls=true&grpc_key=/c.key | grpc_cert and grpc_key belong together, and"
            + " the URI has grpc_key only",
        "grpc_port=1&grpc_cert=/c.pem&grpc_key=/c.key | grpc_cert and grpc_key have an effect with"
            + " grpc_tls=true or grpc_tls=skip-verify only, and the URI has grpc_tls=false",
        "grpc_port=1&mode=x | invalid mode: x (must be 'batch' or 'stream')",
        "grpc_port=1&copy=x | invalid copy: x (must be 'olap' or 'vstream')",
        "grpc_port=1&tls=custom | tls=custom is unknown; use tls=false, tls=true, tls=skip-verify,"
            + " tls=preferred",
        "grpc_port=1&server_id=5 | The vitess+cdc URI has the unknown parameter server_id; known"
            + " are tls, tls_ca, grpc_port, grpc_host, grpc_tls, grpc_ca, grpc_cert, grpc_key,"
            + " mode, copy, dest_schema, password_file and password_env"
      })
  void bad(String parameters, String message) {
    assertThatThrownBy(() -> VitessCdcUri.parse("vitess+cdc://u:p@h/ks?" + parameters))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vitess://h/ks?grpc_port=1 | The URI begins with vitess://",
        "vitess+cdc://h?grpc_port=1 | The URI has no keyspace",
        "vitess+cdc:///ks?grpc_port=1 | The URI has no host"
      })
  void badParts(String text, String message) {
    assertThatThrownBy(() -> VitessCdcUri.parse(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            message + "; expected vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991");
  }

  @ParameterizedTest
  @ValueSource(strings = {"replica", "rdonly"})
  void olapCopiesAreFromThePrimary(String type) {
    String uri = "vitess+cdc://h/ks@" + type + "?grpc_port=15991";

    assertThatThrownBy(() -> VitessCdcUri.parse(uri))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "A copy by OLAP reads from @"
                + type
                + " is refused: a replica that lags behind the position that is followed afterwards"
                + " would lose changes. Leave @"
                + type
                + " out, or use copy=vstream");
    assertThat(VitessCdcUri.parse(uri + "&copy=vstream").vitess().tabletType().targetName())
        .isEqualTo(type);
    assertThat(
            VitessCdcUri.parse("vitess+cdc://h/ks@primary?grpc_port=15991").vitess().tabletType())
        .isEqualTo(TabletType.PRIMARY);
  }

  @Test
  void textsAreWithoutUserAndPassword() {
    VitessCdcUri uri =
        VitessCdcUri.parse("vitess+cdc://us3r:geh3im@[::1]/ks?grpc_port=15991&tls=true");

    assertThat(uri).hasToString("vitess+cdc://[::1]:3306/ks?grpc_port=15991");
    assertThat(uri.grpc().toString()).doesNotContain("geh3im");
    assertThat(
            VitessCdcUri.parse(
                "vitess+cdc://h/ks@replica?grpc_port=15991&grpc_host=g&copy=vstream"))
        .hasToString("vitess+cdc://h:3306/ks@replica?grpc_port=15991&grpc_host=g");
  }

  /** With characters that should have been encoded, in every place of the password. */
  @Property
  void noMessageHoldsThePassword(
      @ForAll @StringLength(max = 4) @CharRange(from = '!', to = '@') String before,
      @ForAll @StringLength(max = 4) @CharRange(from = '!', to = '@') String behind) {
    for (String end : new String[] {"", "?grpc_port=x", "?grpc_port=1&mode=ever", "?grpc_tls=x"}) {
      String text = "vitess+cdc://u:" + before + "geh3im" + behind + "@h/ks" + end;
      Throwable failure = catchThrowable(() -> VitessCdcUri.parse(text));
      if (failure != null) {
        assertThat(failure).isInstanceOf(ConfigurationException.class);
        assertThat(failure.getMessage()).as(text).doesNotContain("geh3im");
      }
    }
  }
}
