package io.vitessbeam.schema;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.schema.stream.Collations;
import io.vitessbeam.testing.TestVitess;
import java.nio.charset.CharacterCodingException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every character of every character set is the one that the server makes of the same bytes. */
class CharacterSetsIT {

  private static final HexFormat HEX = HexFormat.of();
  private static final int VALUES_OF_A_STATEMENT = 1024;

  private static Connection connection;
  private static Statement statement;

  @BeforeAll
  static void connect() throws SQLException {
    connection = TestVitess.shared().connect(SHOP + ":0");
    statement = connection.createStatement();
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  static Set<String> all() throws SQLException {
    Set<String> names = new TreeSet<>(Collations.read(connection).characterSets().values());
    assertThat(names).hasSize(41).contains("latin1", "utf8mb4", "gb18030", "utf8");
    names.removeAll(Set.of("binary", "utf32"));
    return names;
  }

  /** One byte, two bytes, and three after the byte that begins them. */
  @ParameterizedTest
  @MethodSource("all")
  void shortCharactersAreTheServers(String name) throws SQLException {
    List<byte[]> values = new ArrayList<>();
    // Of half a character of these the server makes a whole one.
    if (!Set.of("ucs2", "utf16", "utf16le").contains(name)) {
      for (int first = 0; first < 256; first++) {
        values.add(new byte[] {(byte) first});
      }
    }
    if (longestCharacter(name) > 1) {
      for (int both = 0; both < 65536; both++) {
        values.add(new byte[] {(byte) (both >> 8), (byte) both});
      }
    }
    if (longestCharacter(name) == 3) {
      for (int rest = 0x8080; rest < 65536; rest++) {
        values.add(new byte[] {(byte) 0x8f, (byte) (rest >> 8), (byte) rest});
      }
    }
    compare(name, values);
  }

  /** The other way round: what the server makes of each character there is. */
  @ParameterizedTest
  @ValueSource(strings = {"gb18030", "utf16", "utf16le", "utf32", "utf8mb4"})
  void everyCodePointComesBack(String name) throws SQLException, CharacterCodingException {
    for (int start = 0; start <= Character.MAX_CODE_POINT; start += 16384) {
      int[] codePoints = new int[16384];
      int size = 0;
      for (int codePoint = start; codePoint < start + 16384; codePoint++) {
        if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
          codePoints[size++] = codePoint;
        }
      }
      String text = new String(codePoints, 0, size);
      byte[] bytes =
          ask("CONVERT(CONVERT(X'"
                  + HEX.formatHex(text.getBytes(UTF_8))
                  + "' USING utf8mb4) USING "
                  + name
                  + ")")
              .get(0);
      assertThat(CharacterSets.named(name).decode(bytes, 0, bytes.length).equals(text))
          .as(name + " from " + Integer.toHexString(start))
          .isTrue();
    }
  }

  @Test
  void collationsAreNamedBySet() throws SQLException {
    Collations collations = Collations.read(connection);

    assertThat(collations.characterSet(8)).isEqualTo("latin1");
    assertThat(collations.characterSet(255)).isEqualTo("utf8mb4");
    assertThat(collations.characterSet(Collations.BINARY)).isEqualTo("binary");
  }

  private static void compare(String name, List<byte[]> values) throws SQLException {
    List<String> wrong = new ArrayList<>();
    int same = 0;
    for (int from = 0; from < values.size(); from += VALUES_OF_A_STATEMENT) {
      List<byte[]> some =
          values.subList(from, Math.min(from + VALUES_OF_A_STATEMENT, values.size()));
      List<byte[]> server =
          ask(
              some.stream()
                  .map(
                      value ->
                          "CONVERT(CONVERT(CAST(X'"
                              + HEX.formatHex(value)
                              + "' AS BINARY) USING "
                              + name
                              + ") USING utf8mb4)")
                  .toArray(String[]::new));
      for (int i = 0; i < some.size(); i++) {
        String expected = server.get(i) == null ? null : new String(server.get(i), UTF_8);
        String text = decode(name, some.get(i));
        if (text != null && text.equals(expected)) {
          same++;
        } else if (text != null || isText(name, expected, some.get(i))) {
          wrong.add(HEX.formatHex(some.get(i)) + ": " + text + " instead of " + expected);
        }
      }
    }
    assertThat(wrong).as(name).isEmpty();
    assertThat(same).as(name).isGreaterThan(120);
  }

  /** The server makes a question mark of what has no character, and drops half a one at the end. */
  private static boolean isText(String name, String server, byte[] bytes) {
    return server != null
        && !server.contains("?")
        && !server.equals(decode(name, Arrays.copyOf(bytes, bytes.length - 1)))
        && !(bytes.length == 3 && server.isEmpty());
  }

  private static String decode(String name, byte[] bytes) {
    try {
      return CharacterSets.named(name).decode(bytes, 0, bytes.length);
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int longestCharacter(String name) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT MAXLEN FROM information_schema.CHARACTER_SETS WHERE CHARACTER_SET_NAME = '"
                + name
                + "'")) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  private static List<byte[]> ask(String... expressions) throws SQLException {
    List<byte[]> values = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery("SELECT HEX(" + String.join("), HEX(", expressions) + ")")) {
      assertThat(row.next()).isTrue();
      for (int i = 1; i <= expressions.length; i++) {
        String hex = row.getString(i);
        values.add(hex == null ? null : HEX.parseHex(hex));
      }
    }
    return values;
  }
}
