package io.vitessbeam.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.Row;

/**
 * Which room of the library may import which. The rooms are listed in the order in which a row
 * passes through them, and nothing looks ahead; {@code connect} and {@code schema} know no other
 * room. Of the root, rooms know the values and errors, never the transforms. What a room may know
 * of Beam keeps the core testable without it.
 */
@AnalyzeClasses(packages = "io.vitessbeam", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.vitessbeam";
  private static final String PIPELINES = "io.vitessbeam.pipelines..";
  private static final String PIPELINES_ON_FLINK = "io.vitessbeam.pipelines.flink..";
  private static final String BEAM = "org.apache.beam..";

  /** Rooms that are not API are marked by an annotation of Beam's. */
  private static final String ANNOTATIONS = "org.apache.beam.sdk.annotations";

  private static final List<String> ROOMS =
      List.of("progress", "connect", "schema", "block", "read", "vstream", "sync", "write");

  /** How the few classes of a room that are made for Beam are called. */
  private static final List<String> BEAM_FACING =
      List.of("Fn", "Coder", "Tracker", "Restriction", "Options", "Transform", "Metrics");

  @ArchTest
  static void roomsDoNotLookAhead(JavaClasses classes) {
    for (int i = 0; i < ROOMS.size() - 1; i++) {
      forbid(room(ROOMS.get(i)), rooms(ROOMS.subList(i + 1, ROOMS.size()))).check(classes);
    }
  }

  /** The rooms of {@code vstream}, in the order in which an event passes through them. */
  private static final List<String> STREAM_ROOMS =
      List.of("vstream.position", "vstream.wire", "vstream.decode", "vstream.follow");

  @ArchTest
  static void roomsOfTheStreamDoNotLookAhead(JavaClasses classes) {
    for (int i = 0; i < STREAM_ROOMS.size(); i++) {
      List<String> ahead = STREAM_ROOMS.subList(i + 1, STREAM_ROOMS.size());
      forbid(
              new String[] {room(STREAM_ROOMS.get(i))},
              Stream.concat(Stream.of(ROOT + ".vstream"), Stream.of(rooms(ahead)))
                  .toArray(String[]::new))
          .check(classes);
    }
  }

  @ArchTest static final ArchRule schemaStandsOnItsOwn = forbid(room("schema"), room("connect"));

  @ArchTest static final ArchRule blockKnowsOnlySchema = forbid(room("block"), room("connect"));

  /** Servers know of DuckDB only that their changes are merged, by the room that does it. */
  @ArchTest
  static final ArchRule serversDoNotKnowDuckDb =
      forbid(rooms(List.of("write.mysql", "write.postgresql")), room("write.duckdb"));

  @ArchTest
  static final ArchRule destinationsDoNotKnowEachOther =
      forbid(
          room("write.duckdb"),
          rooms(List.of("write.mysql", "write.postgresql", "write.follow.relay")));

  /** Loads know the rooms below them: staging and merging, and these the open file. */
  @ArchTest
  static final ArchRule stagingAndMergingKnowTheFileOnly =
      forbid(rooms(List.of("write.duckdb.staging", "write.duckdb.merge")), ROOT + ".write.duckdb");

  @ArchTest
  static final ArchRule theFileKnowsNobody =
      forbid(
          room("write.duckdb.file"),
          ROOT + ".write.duckdb",
          room("write.duckdb.staging"),
          room("write.duckdb.merge"));

  /** But for the relay, which knows DuckDB, and no server. */
  @ArchTest
  static final ArchRule followingKnowsNoDatabase =
      forbid(
          ROOT + ".write.follow",
          rooms(List.of("write.follow.relay", "write.duckdb", "write.mysql", "write.postgresql")));

  @ArchTest
  static final ArchRule relayKnowsNoServer =
      forbid(room("write.follow.relay"), rooms(List.of("write.mysql", "write.postgresql")));

  @ArchTest static final ArchRule libraryDoesNotKnowThePrograms = forbid(notPrograms(), PIPELINES);

  /** A new room has to find its place in the order above. */
  @ArchTest
  static final ArchRule everyClassHasARoom =
      classes().should().resideInAnyPackage(libraryAndPrograms()).allowEmptyShould(true);

  @ArchTest
  static final ArchRule roomsUseTheRootForItsValuesOnly =
      noClasses()
          .that()
          .resideInAnyPackage(rooms(ROOMS))
          .should()
          .dependOnClassesThat(
              resideInAPackage(ROOT)
                  .and(are(describe("transforms", type -> type.isAssignableTo(PTransform.class)))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule programsUseThePublicApiOnly =
      forbid(PIPELINES, rooms(List.of("block", "read", "vstream", "sync", "write")));

  /** What users may use is in the root, {@code progress}, {@code connect} and {@code schema}. */
  @ArchTest
  static void roomsThatAreNotApiSaySo(JavaClasses classes) {
    List<String> unmarked =
        classes.stream()
            .filter(resideInAnyPackage(rooms(List.of("block", "read", "vstream", "sync", "write"))))
            .map(JavaClass::getPackage)
            .distinct()
            .filter(room -> !room.isAnnotatedWith(Internal.class))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
  }

  @ArchTest static final ArchRule connectIsFreeOfBeam = forbid(room("connect"), BEAM);

  @ArchTest
  static final ArchRule schemaKnowsBeamsTypesOnly =
      noClasses()
          .that()
          .resideInAPackage(room("schema"))
          .should()
          .dependOnClassesThat(
              resideInAPackage(BEAM)
                  .and(DescribedPredicate.not(resideInAPackage("org.apache.beam.sdk.schemas..")))
                  .and(DescribedPredicate.not(resideInAPackage(ANNOTATIONS)))
                  // The arguments of a type are a Row.
                  .and(DescribedPredicate.not(type(Row.class))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule coreIsFreeOfBeam =
      noClasses()
          .that(
              resideInAnyPackage(
                  rooms(List.of("progress", "block", "read", "vstream", "sync", "write"))))
          .and(are(describe("core logic", type -> !facesBeam(type))))
          .should()
          .dependOnClassesThat(
              resideInAPackage(BEAM).and(DescribedPredicate.not(resideInAPackage(ANNOTATIONS))))
          .because("only classes named " + BEAM_FACING + " are tested through Beam")
          .allowEmptyShould(true);

  /** What all loads and strategies share is the same for every database. */
  @ArchTest
  static final ArchRule loadsAndStrategiesKnowNoDatabase =
      forbid(
          new String[] {room("write.load"), room("write.strategy")},
          room("write.duckdb"),
          room("write.mysql"),
          room("write.postgresql"));

  @ArchTest
  static final ArchRule loadsKnowNoStrategy = forbid(room("write.load"), room("write.strategy"));

  @ArchTest
  static final ArchRule onlyProgramsChooseTheLogging = forbid(notPrograms(), "ch.qos.logback..");

  /** But that its errors say to Flink, by an annotation, whether they last. */
  @ArchTest
  static final ArchRule theLibraryKnowsNoRunner =
      noClasses()
          .that()
          .resideInAnyPackage(notPrograms())
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.flink..", "org.apache.beam.runners..")
                  .and(
                      DescribedPredicate.not(
                          resideInAPackage("org.apache.flink.runtime.throwable"))));

  @ArchTest
  static final ArchRule onlyProgramsPartOfFlinkKnowsIt =
      noClasses()
          .that()
          .resideInAPackage(PIPELINES)
          .and()
          .resideOutsideOfPackage(PIPELINES_ON_FLINK)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.beam.runners..");

  @ArchTest
  static final ArchRule onlyMainEndsTheProcess =
      noClasses()
          .that(
              are(describe("not Main", type -> !outermost(type).equals(ROOT + ".pipelines.Main"))))
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noStackTracesPrinted =
      noClasses()
          .should()
          .callMethodWhere(
              describe(
                  "printStackTrace is called",
                  call ->
                      call.getName().equals("printStackTrace")
                          && call.getTargetOwner().isAssignableTo(Throwable.class)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noJavaUtilLogging = forbid("io.vitessbeam..", "java.util.logging..");

  @ArchTest
  static final ArchRule onlyProgramsPrint =
      noClasses()
          .that()
          .resideInAnyPackage(notPrograms())
          .should(ACCESS_STANDARD_STREAMS)
          .allowEmptyShould(true);

  private static ArchRule forbid(String from, String... to) {
    return forbid(new String[] {from}, to);
  }

  private static ArchRule forbid(String[] from, String... to) {
    return noClasses()
        .that()
        .resideInAnyPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .allowEmptyShould(true);
  }

  private static String room(String name) {
    return ROOT + "." + name + "..";
  }

  private static String[] rooms(List<String> names) {
    return names.stream().map(ArchitectureTest::room).toArray(String[]::new);
  }

  private static String[] libraryAndPrograms() {
    return Stream.concat(Stream.of(notPrograms()), Stream.of(PIPELINES)).toArray(String[]::new);
  }

  private static String[] notPrograms() {
    return Stream.concat(Stream.of(ROOT), Stream.of(rooms(ROOMS))).toArray(String[]::new);
  }

  /** By the top-level class, so that nested classes and records of a DoFn count as part of it. */
  private static boolean facesBeam(JavaClass type) {
    return BEAM_FACING.stream().anyMatch(outermost(type)::endsWith);
  }

  private static String outermost(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "");
  }
}
