package io.vitessbeam.write.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Property
  void allTextIsValid(@ForAll String text) {
    byte[] bytes = text.replaceAll("[\\ud800-\\udfff]", "😀").getBytes(StandardCharsets.UTF_8);
    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isTrue();
  }

  @Property
  void agreesWithTheDecoderOnAnyBytes(@ForAll @Size(max = 12) byte[] bytes) {
    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(decodes(bytes));
  }

  /** Bytes that are likely to start or go on with a character reach more branches. */
  @Test
  void agreesWithTheDecoderOnNearlyValidBytes() {
    int[] likely = {0x41, 0x80, 0xbf, 0xc2, 0xc1, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xf0, 0x90, 0xf4};
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) likely[random.nextInt(likely.length)];
      }
      assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(decodes(bytes));
    }
  }

  @Test
  void looksOnlyAtItsSlice() {
    byte[] bytes = {(byte) 0xff, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', (byte) 0xff};
    assertThat(Utf8.isValid(bytes, 1, 9)).isTrue();
    assertThat(Utf8.isAscii(bytes, 1, 9)).isTrue();
    assertThat(Utf8.isAscii(bytes, 1, 10)).isFalse();
    assertThat(Utf8.isValid(bytes, 1, 0)).isTrue();
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
