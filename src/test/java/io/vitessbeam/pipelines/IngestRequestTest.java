package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestRequestTest {

  private static final String SOURCE = "--source-uri=vitess://user:secret@host/shop";
  private static final String DESTINATION = "--dest-uri=duckdb:////tmp/x.duckdb";

  @ParameterizedTest
  @CsvSource({
    "--source-table=orders, shop.orders, main.orders",
    "--source-table=crm.orders, crm.orders, crm.orders",
    "--source-table=orders --dest-table=raw.o, shop.orders, raw.o",
    "--source-table=query:SELECT_1 --dest-table=q, a query on shop, main.q",
    "--source-table=orders --incremental-strategy=merge --full-refresh, shop.orders, main.orders",
    "--source-table=orders --incremental-strategy=merge --sql-limit=5, shop.orders, main.orders",
    "--source-table=orders --incremental-strategy=scd2 --incremental-key=at --sql-limit=5,"
        + " shop.orders, main.orders",
    "--source-table=orders --incremental-strategy=scd2 --sql-limit=0, shop.orders, main.orders",
  })
  void names(String flags, String source, String destination) {
    LoadRequest request = (LoadRequest) request(flags, SOURCE, DESTINATION);
    assertThat(request.sourceName()).isEqualTo(source);
    assertThat(request.destinationTable()).hasToString(destination);
    assertThat(request.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql://h/shop           | --source-table=orders        | shop.orders          | main.orders
          mysql+pymysql://h/shop   | --source-table=`a.b`         | shop.a.b             | main."a.b"
          postgresql://h/shop      | --source-table=orders        | public.orders        | main.orders
          postgres://h/shop        | --source-table=crm."a.b"     | crm.a.b              | crm."a.b"
          postgresql://h/shop      | --source-table=query:TABLE_t --dest-table=q | a query on shop | main.q
          duckdb:////d/s.duckdb    | --source-table=crm.orders    | /d/s.duckdb crm.orders | crm.orders
          csv:////d/orders.csv     | --debug                      | /d/orders.csv        | main.orders
          csv:////d/*.csv          | --dest-table=all.orders      | /d/*.csv             | all.orders
          jsonl:////d/x.jsonl      | --source-table=crm.x         | /d/x.jsonl           | crm.x
          parquet:////d/a.b.parquet | --debug                     | /d/a.b.parquet       | main.a
          """)
  void sources(String uri, String flags, String source, String destination) {
    LoadRequest request = (LoadRequest) request(flags, "--source-uri=" + uri, DESTINATION);
    assertThat(request.sourceName()).isEqualTo(source);
    assertThat(request.destinationTable()).hasToString(destination);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          csv:////d/*.csv          | --debug                      | a pattern has no name: say where its files go by --dest-table=<table>
          csv:////d/x.csv          | --source-table=query:SELECT  | --source-table=query: is not for files; a query on duckdb:// can read files too
          postgresql://h/shop      | --debug                      | source-table is required
          mysql://h                | --source-table=t             | --source-uri: The URI has no database; expected mysql://user:password@host:3306/database
          duckdb:////tmp/x.duckdb  | --source-table=t             | source and destination are the same DuckDB file, which can't be read while it is written; write CREATE TABLE … AS in DuckDB itself, or choose another file
          """)
  void refusesSources(String uri, String flags, String message) {
    assertThatThrownBy(() -> request(flags, "--source-uri=" + uri, DESTINATION))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --source-table=orders                     | public.orders
          --source-table=crm.orders                 | crm.orders
          --source-table=t --dest-table=raw.orders  | raw.orders
          --source-table=t --dest-table="a.b"       | public."a.b"
          """)
  void aPostgresqlDestination(String flags, String destination) {
    LoadRequest request =
        (LoadRequest) request(flags, SOURCE, "--dest-uri=postgresql://u:secret@h:5433/lake");
    assertThat(request.destinationName()).isEqualTo("postgresql://h:5433/lake");
    assertThat(request.destinationTable()).hasToString(destination);
  }

  @Test
  void aUriWithQuotesAndBackslashesIsReadWhole() {
    String flags = "--source-table=orders";
    IngestRequest request = request(flags, SOURCE, "--dest-uri=duckdb:////tmp/a\"b\\\\c'.duckdb");

    assertThat(((LoadRequest) request).destinationName()).isEqualTo("/tmp/a\"b\\\\c'.duckdb");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --debug                                            | source-table is required
          --source-table=query:SELECT                        | a query has no name: say where it goes by --dest-table=<table>
          --source-table=t --incremental-strategy=none       | unknown strategy: none
          --source-table=t --incremental-strategy=truncate+insert | incremental-strategy "truncate+insert" has been removed; use "replace"
          --source-table=t --zero-dates=never                | --zero-dates is fail, null or text, not never
          --source-table=t --sql-limit=-1                    | --sql-limit is -1; it must be at least 0
          --source-table=t --extract-parallelism=0           | --extract-parallelism is 0; it must be at least 1
          --source-table=t --incremental-strategy=delete+insert | delete+insert strategy requires an --incremental-key
          --source-table=t --columns=a:integr                 | --columns: 'integr' is no type; there are bigint, binary, blob, bool, boolean, bytes, date, datetime, decimal, double, float, float32, float4, float64, float8, int, int16, int32, int64, int8, integer, json, jsonb, long, mediumint, numeric, real, smallint, string, text, time, timestamp, timestamp_ntz, timestampntz, timestamptz, tinyint, uuid, varbinary, varchar
          --source-table=t --columns=a                        | --columns: 'a' is none of name:type, new:type:old and new::old
          --source-table=t --columns=a:int,b:text:a           | --columns: column a is given twice
          --source-table=t --schema-naming=camelCase          | --schema-naming is direct, snake_case or auto, not camelCase
          --source-table=t --sql-limit=5 --incremental-strategy=scd2 | --sql-limit leaves rows out, and scd2 would end the current versions of all keys that did not come; leave it out, or choose --incremental-strategy=merge
          --source-table=t --sql-limit=5 --incremental-strategy=delete+insert --incremental-key=k | --sql-limit leaves rows out, and delete+insert would delete all rows of the interval and insert only some of them; leave it out, or choose --incremental-strategy=merge
          --source-table=t --schema-contract=none            | --schema-contract is evolve, freeze, discard_row or discard_value, not none
          --source-table=t --schema-contract=discard_row --incremental-strategy=scd2 | --schema-contract=discard_row leaves rows out, and scd2 would end the current versions of all keys that did not come; leave it out, or choose --incremental-strategy=merge
          --source-table=t --include-tables=a                | --include-tables is not supported yet with vitess://; it is for vitess+cdc:// sources
          --source-table=t --no-inference --columns=a:text   | --no-inference is for csv:// and jsonl://; the columns of vitess:// have types
          --source-table=t --interval-start=2024-01-01 --extract-partition-by=a | --interval-start and --interval-end need --incremental-key=<column>
          --source-table=t --interval-start=2024-01-01       | --interval-start and --interval-end need --incremental-key=<column>
          """)
  void refuses(String flags, String message) {
    assertThatThrownBy(() -> request(flags, SOURCE, DESTINATION))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ps_mysql+cdc://h/shop   | duckdb:///x      | ps_mysql+cdc:// is not supported as a source yet; use vitess+cdc://
          ps_mysql://h/shop       | duckdb:///x      | ps_mysql:// is not supported as a source yet; use vitess://
          oracle://h/shop         | duckdb:///x      | --source-uri: unknown scheme oracle://; use vitess://, vitess+cdc://, mysql://, postgresql://, duckdb://, csv://, jsonl:// or parquet://
          vitess://h/shop         | s3://bucket/x    | --dest-uri: unknown scheme s3://; use vitess://, mysql://, postgresql:// or duckdb://
          vitess://h/shop         | vitess://h/x@replica | --dest-uri: A table can't be written on a replica tablet: leave @replica out of the URI
          vitess://h/shop         | vitess://h:3306/shop | source and destination are the same table, shop.t; name another one by --dest-table=<table>
          mysql://h/shop          | mysql+pymysql://h/shop | source and destination are the same table, shop.t; name another one by --dest-table=<table>
          vitess://h/shop         | postgresql://u:secret@h | --dest-uri: The URI has no database; expected postgresql://user:password@host:5432/database
          user:secret@h/shop      | duckdb:///x      | --source-uri is no URI: it must begin with a scheme such as vitess://
          """)
  void refusesSchemes(String source, String destination, String message) {
    assertThatThrownBy(
            () ->
                request("--source-table=t", "--source-uri=" + source, "--dest-uri=" + destination))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @Test
  void withoutInferenceTypesHaveToBeGiven() {
    String source = "--source-uri=csv:///tmp/a.csv";
    assertThatThrownBy(() -> request("--no-inference", source, DESTINATION))
        .isInstanceOf(UsageException.class)
        .hasMessage("--no-inference needs the types of columns: --columns=name:type,…");
    assertThat(request("--no-inference --columns=a:int", source, DESTINATION).sourceName())
        .isEqualTo("/tmp/a.csv");
  }

  @Test
  void passwordsStayOutOfWhatRunnersShow() {
    IngestOptions options = options("--source-table=t", SOURCE, DESTINATION);
    assertThat(org.apache.beam.sdk.transforms.display.DisplayData.from(options).toString())
        .doesNotContain("secret");
    assertThat(options.toString()).doesNotContain("secret");
  }

  private static IngestRequest request(String flags, String source, String destination) {
    return IngestRequest.of(options(flags, source, destination));
  }

  private static IngestOptions options(String flags, String source, String destination) {
    List<String> words = new ArrayList<>(List.of(flags.split(" ")));
    words.add(source);
    words.add(destination);
    return Main.options(CommandLine.parse(words).arguments());
  }
}
