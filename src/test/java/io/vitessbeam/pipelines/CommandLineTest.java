package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.pipelines.CommandLine.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  /** Words are separated by a blank here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --source-uri=vitess://h/ks                 | --sourceUri=vitess://h/ks
          --source-uri vitess://h/ks                 | --sourceUri=vitess://h/ks
          --sourceUri vitess://h/ks                  | --sourceUri=vitess://h/ks
          ingest --source-uri vitess://h/ks          | --sourceUri=vitess://h/ks
          --source-uri=vitess://h/ks?tls=true        | --sourceUri=vitess://h/ks?tls=true
          --source-table=--odd                       | --sourceTable=--odd
          --dest-table -odd                          | --destTable=-odd
          --dest-table=                              | --destTable=
          --full-refresh                             | --fullRefresh=true
          --full-refresh false                       | --fullRefresh=false
          --full-refresh=false                       | --fullRefresh=false
          --full-refresh --debug                     | --fullRefresh=true --debug=true
          --sql-exclude-columns a --sql-exclude-columns b,c | --sqlExcludeColumns=a --sqlExcludeColumns=b,c
          --sql-limit 10                             | --sqlLimit=10
          --primary-key a --primary-key b            | --primaryKey=a --primaryKey=b
          --include-tables a,b --exclude-tables c    | --includeTables=a,b --excludeTables=c
          --schema-contract freeze                   | --schemaContract=freeze
          --runner=FlinkRunner                       | --runner=FlinkRunner
          --runner FlinkRunner --flink-master h:8081 | --runner=FlinkRunner --flinkMaster=h:8081
          --targetParallelism 3 --parallelism=2      | --targetParallelism=3 --parallelism=2
          --object-reuse --fasterCopy=false          | --objectReuse=true --fasterCopy=false
          """)
  void speaksBothSpellings(String typed, String expected) {
    assertThat(parse(typed).arguments()).containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --source-urj=x             | unknown flag --source-urj; did you mean --source-uri?
          --sql-exclude-column=x     | unknown flag --sql-exclude-column; did you mean --sql-exclude-columns?
          --flinkMasters=x           | unknown flag --flinkMasters; did you mean --flinkMaster?
          --no-such-thing-at-all=x   | unknown flag --no-such-thing-at-all; --help lists the flags
          --cluster-by a             | --cluster-by is not supported: it is for warehouses, of which none is a destination
          --incremental-predicate=x  | --incremental-predicate is not supported: a merge that looks at a part of the table only would insert rows whose keys it has
          --include-table a          | unknown flag --include-table; did you mean --include-tables?
          --source-uri               | --source-uri needs a value
          --source-uri --debug       | --source-uri needs a value (one that begins with dashes is written --source-uri=--debug)
          --dest-table a --dest-table b | --dest-table is given twice
          --sql-limit=ten            | --sql-limit is a number, not 'ten'
          orders                     | 'orders' is not a flag; flags are written --name=value or --name value
          -x                         | '-x' is not a flag; flags are written --name=value or --name value
          """)
  void refuses(String typed, String message) {
    assertThatThrownBy(() -> parse(typed)).isInstanceOf(UsageException.class).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "'', QUICKSTART",
    "ingest, QUICKSTART",
    "--runner=FlinkRunner, QUICKSTART",
    "--help, HELP",
    "ingest --help, HELP",
    "--source-uri x --help, HELP",
    "--version, VERSION",
    "--source-uri x, INGEST",
    "--dest-uri x, INGEST",
    "--source-table x, INGEST",
  })
  void knowsWhatIsAskedFor(String typed, Action action) {
    assertThat(parse(typed).action()).isEqualTo(action);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--yes", "--page-size 500", "--page-size=500", "--no-load-timestamp"})
  void acceptsWhatChangesNothing(String typed) {
    CommandLine line = parse(typed);
    assertThat(line.arguments()).isEmpty();
    assertThat(line.ignored()).containsExactly(typed.replaceAll("[ =].*", ""));
  }

  @Test
  void aQueryIsOneValue() {
    CommandLine line =
        CommandLine.parse(List.of("--source-table", "query:SELECT a, b FROM t WHERE c = '--x'"));
    assertThat(Main.options(line.arguments()).getSourceTable())
        .isEqualTo("query:SELECT a, b FROM t WHERE c = '--x'");
  }

  @Test
  void everyServedFlagIsAnOption() {
    for (Flag flag : Flag.served()) {
      assertThat(RunnerOptionsProbe.properties(IngestOptions.class)).contains(flag.name());
      assertThat(Flag.camelCase(flag.spelling().substring(2))).isEqualTo(flag.name());
    }
  }

  private static CommandLine parse(String typed) {
    return CommandLine.parse(
        Arrays.stream(typed.split(" ")).filter(word -> !word.isEmpty()).toList());
  }

  private static final class RunnerOptionsProbe {
    static List<String> properties(Class<?> type) {
      return Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.getName().startsWith("set"))
          .map(method -> java.beans.Introspector.decapitalize(method.getName().substring(3)))
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SOURCE_URI=vitess://h/ks                        |                | --sourceUri=vitess://h/ks
          INGESTR_SOURCE_URI=vitess://h/ks                |                | --sourceUri=vitess://h/ks
          SOURCE_URI=vitess://a/ks INGESTR_SOURCE_URI=vitess://b/ks |      | --sourceUri=vitess://b/ks
          SOURCE_URI=vitess://a/ks                        | --source-uri=vitess://b/ks | --sourceUri=vitess://b/ks
          SOURCE_TABLE=t FULL_REFRESH=true SQL_LIMIT=5    |                | --sourceTable=t --fullRefresh=true --sqlLimit=5
          PRIMARY_KEY=a,b                                 | --source-table=t | --sourceTable=t --primaryKey=a,b
          INGESTR_COLUMNS=a:text                          | --source-table=t | --sourceTable=t --columns=a:text
          COLUMNS=80 DEBUG=1 STREAM=x                     | --source-table=t | --sourceTable=t
          SOURCE_URI=                                     | --source-table=t | --sourceTable=t
          """)
  void readsFlagsFromTheEnvironment(String environment, String typed, String expected) {
    List<String> words = typed == null ? List.of() : List.of(typed.split(" "));

    assertThat(CommandLine.parse(words, variables(environment)).arguments())
        .containsExactlyInAnyOrder(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          SQL_LIMIT=x         | SQL_LIMIT in the environment is a number, not 'x'
          FULL_REFRESH=1      | FULL_REFRESH in the environment is true or false, not '1'
          CLUSTER_BY=a        | CLUSTER_BY in the environment is not supported
          SOURCE_URI=@/no     | --source-uri: /no, which is to hold an address, can't be read: it isn't there
          """)
  void namesTheVariableThatIsWrong(String environment, String message) {
    assertThatThrownBy(() -> CommandLine.parse(List.of(), variables(environment)))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message);
  }

  private static Map<String, String> variables(String text) {
    return Arrays.stream(text.split(" "))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void anAddressMayStandInAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("source"), "vitess://u:p@h/ks\n");

    assertThat(parse("--source-uri=@" + file).arguments())
        .containsExactly("--sourceUri=vitess://u:p@h/ks");
  }
}
