package io.vitessbeam.vstream.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link GtidSet} against sets that hold each transaction by itself. */
class GtidSetTest {

  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4f22fb58-82db-22f2-af44-d91bb0530673";
  private static final List<String> SERVERS = List.of(A, B, A + ":tag", B + ":_t2");

  /** Some transactions of a server. */
  private record Part(String server, long first, long last) {

    String text() {
      return server + ":" + first + (last > first ? "-" + last : "");
    }
  }

  @Provide
  Arbitrary<List<Part>> parts() {
    return Combinators.combine(
            Arbitraries.of(SERVERS),
            Arbitraries.longs().between(1, 30),
            Arbitraries.longs().between(0, 9))
        .as((server, first, more) -> new Part(server, first, first + more))
        .list()
        .ofMaxSize(8);
  }

  private static GtidSet set(List<Part> parts) {
    return GtidSet.parse(parts.stream().map(Part::text).collect(Collectors.joining(",")));
  }

  private static Set<String> model(List<Part> parts) {
    Set<String> transactions = new HashSet<>();
    for (Part part : parts) {
      for (long i = part.first(); i <= part.last(); i++) {
        transactions.add(part.server() + ":" + i);
      }
    }
    return transactions;
  }

  private static Set<String> model(GtidSet set) {
    List<Part> parts = new ArrayList<>();
    for (String part : set.sql().isEmpty() ? new String[0] : set.sql().split(",", -1)) {
      String server =
          SERVERS.stream()
              .filter(name -> part.startsWith(name + ":"))
              .filter(name -> Character.isDigit(part.charAt(name.length() + 1)))
              .findFirst()
              .orElseThrow();
      for (String interval : part.substring(server.length() + 1).split(":", -1)) {
        String[] bounds = interval.split("-", -1);
        long first = Long.parseLong(bounds[0]);
        parts.add(new Part(server, first, Long.parseLong(bounds[bounds.length - 1])));
      }
    }
    return model(parts);
  }

  @Property
  void rankIsTheNumberOfTransactions(@ForAll("parts") List<Part> parts) {
    assertThat(set(parts).rank()).isEqualTo(model(parts).size());
    assertThat(set(parts).isEmpty()).isEqualTo(parts.isEmpty());
    assertThat(set(parts).servers())
        .isEqualTo(parts.stream().map(Part::server).collect(Collectors.toSet()));
  }

  @Property
  void containsIsThatOfSets(@ForAll("parts") List<Part> a, @ForAll("parts") List<Part> b) {
    assertThat(set(a).contains(set(b))).isEqualTo(model(a).containsAll(model(b)));
    assertThat(set(a).contains(set(a))).isTrue();
    List<Part> both = new ArrayList<>(a);
    both.addAll(b);
    assertThat(set(both).contains(set(b))).isTrue();
  }

  @Property
  void intersectionIsThatOfSets(@ForAll("parts") List<Part> a, @ForAll("parts") List<Part> b) {
    Set<String> common = model(a);
    common.retainAll(model(b));

    GtidSet intersection = set(a).intersection(set(b));

    assertThat(model(intersection)).isEqualTo(common);
    assertThat(intersection).isEqualTo(set(b).intersection(set(a)));
    assertThat(set(a).contains(intersection)).isTrue();
  }

  @Property
  void equalSetsHaveEqualTexts(@ForAll("parts") List<Part> a, @ForAll("parts") List<Part> b) {
    boolean same = model(a).equals(model(b));

    assertThat(set(a).equals(set(b))).isEqualTo(same);
    assertThat(set(a).toString().equals(set(b).toString())).isEqualTo(same);
  }

  @Property
  void textsAreReadAsTheyAreWritten(@ForAll("parts") List<Part> parts) {
    GtidSet set = set(parts);

    assertThat(model(set)).isEqualTo(model(parts));
    assertThat(GtidSet.parse(set.sql())).isEqualTo(set).hasSameHashCodeAs(set);
    assertThat(GtidSet.parse(set.toString())).isEqualTo(set);
    assertThat(set.toString()).isEqualTo("MySQL56/" + set.sql());
    assertThat(GtidSet.parse(set.sql().replace(",", ",\n"))).isEqualTo(set);
    assertThat(GtidSet.parse(set.sql().replace(",", ",\\n"))).isEqualTo(set);
    assertThat(GtidSet.parse(set.sql().replace(",", ", \r\n"))).isEqualTo(set);
    assertThat(GtidSet.parse(set.sql().toUpperCase(Locale.ROOT))).isEqualTo(set);
  }

  /** The blank makes the text one for the slow path. */
  @Property
  void theFastPathIsThatOfAllSets(@ForAll @LongRange(min = 1) long last) {
    String text = A + ":1-" + last % 1_000_000_000_000_000_000L;

    if (text.endsWith("-0")) {
      return;
    }
    assertThat(GtidSet.parse(text)).isEqualTo(GtidSet.parse(" " + text));
    assertThat(GtidSet.parse(text).rank()).isEqualTo(GtidSet.parse(" " + text).rank());
    assertThat(GtidSet.parse(text).sql()).isEqualTo(GtidSet.parse(" " + text).sql());
  }

  @Test
  void asServersPrintThem() {
    assertThat(GtidSet.parse("MySQL56/" + A + ":1-5:7:9-11,\n" + B + ":3").rank()).isEqualTo(10);
    assertThat(GtidSet.parse(A + ":1-5:tag:1-2:4:other:9").sql())
        .isEqualTo(A + ":1-5," + A + ":other:9," + A + ":tag:1-2:4");
    assertThat(GtidSet.parse("").isEmpty()).isTrue();
    assertThat(GtidSet.parse("MySQL56/").rank()).isZero();
    assertThat(GtidSet.parse(A + ":1-3:4:5-9").sql()).isEqualTo(A + ":1-9");
    assertThat(GtidSet.parse(A + ":1-1").sql()).isEqualTo(A + ":1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "current",
        A,
        A + ":",
        A + ":1-",
        A + ":-1",
        A + ":0-5",
        A + ":1-0",
        A + ":5-3",
        A + ":1-2-3",
        A + ":+1",
        A + ":1-99999999999999999999",
        A + ":tag",
        A + ":tag:",
        "3e11fa47-71ca-11e1-9e33-c80aa942956:1-5",
        "3e11fa4-771ca-11e1-9e33-c80aa9429562:1-5",
        "ge11fa47-71ca-11e1-9e33-c80aa9429562:1-5",
        "MariaDB/0-1-5"
      })
  void whatIsNoSetIsRefused(String text) {
    assertThatThrownBy(() -> GtidSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
