package io.vitessbeam.schema;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All characters of all sets are compared with a server's in {@link CharacterSetsIT}. */
class CharacterSetsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "armscii8", "ascii", "big5", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852",
        "cp866", "cp932", "dec8", "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "geostd8",
        "greek", "hebrew", "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2", "latin5",
        "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ujis", "utf8", "utf8mb3",
        "utf8mb4"
      })
  void everySetHasTheLettersOfAscii(String name) throws CharacterCodingException {
    assertThat(decode(name, "4D7953514C20303921")).isEqualTo("MySQL 09!");
    assertThat(decode(name, "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "latin1, 80E9818D8F909DFF, €é\u0081\u008d\u008f\u0090\u009dÿ",
    "swe7, 5B5C5D40, ÄÖÅÉ",
    "sjis, 835C955C2041B1, ソ表 Aｱ",
    "cp932, 8740FA40, ①ⅰ",
    "ujis, A4A28FB0A18EB1, あ丂ｱ",
    "eucjpms, ADA1F5A1, ①\ue000",
    "big5, A440F9D6, 一碁",
    "euckr, B0A1, 가",
    "gbk, 8140, 丂",
    "gb18030, 8130813090308130A6D984318236, \u0080\ud800\udc00\ue78d\ufe10",
    "armscii8, B2, Ա",
    "geostd8, C0, ა",
    "keybcs2, 80, Č",
    "utf16, 00E9D83DDE00, é😀",
    "utf16le, E9003DD800DE, é😀",
    "utf32, 000000E90001F600, é😀",
    "ucs2, 00E9, é",
    "utf8mb4, C3A9F09F9880, é😀",
  })
  void charactersOfTheirOwn(String name, String bytes, String text)
      throws CharacterCodingException {
    assertThat(decode(name, bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "ascii, 80", "cp1250, 4181", "swe7, 7F", "cp932, 83", "cp932, 8320", "sjis, 4180",
    "ujis, 8FB0", "ujis, 8FB020", "gbk, A140", "euckr, C9A1", "gb18030, 81308120", "gb18030, 8130",
    "utf16, 00", "utf16, D800", "utf32, 00110000", "utf8mb4, C3", "utf8mb4, FF",
  })
  void bytesThatAreNoCharacterAreNeverAQuestionMark(String name, String bytes) {
    assertThatThrownBy(() -> decode(name, bytes)).isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void anUnknownOneIsSaid() {
    assertThatThrownBy(() -> CharacterSets.named("klingon"))
        .isInstanceOf(DataException.class)
        .hasMessage("The character set klingon is not supported; exclude the column");
  }

  @Property
  void onlyTheGivenRangeIsRead(@ForAll String text, @ForAll byte before, @ForAll byte after)
      throws CharacterCodingException {
    byte[] utf16 = text.getBytes(UTF_16BE);
    byte[] padded = new byte[utf16.length + 2];
    padded[0] = before;
    padded[padded.length - 1] = after;
    System.arraycopy(utf16, 0, padded, 1, utf16.length);
    String valid = new String(text.getBytes(UTF_8), UTF_8);
    if (valid.equals(text)) {
      assertThat(CharacterSets.named("utf16").decode(padded, 1, utf16.length)).isEqualTo(text);
    }
    byte[] latin = {before, 'x', after};
    assertThat(CharacterSets.named("latin2").decode(latin, 1, 1)).isEqualTo("x");
  }

  private static String decode(String name, String hex) throws CharacterCodingException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return CharacterSets.named(name).decode(bytes, 0, bytes.length);
  }
}
