package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the flags of a run from {@code vitess+cdc://} mean together. */
class SyncRequestTest {

  private static final String SOURCE =
      "--source-uri=vitess+cdc://user:secret@host:3306/shop?grpc_port=15991";
  private static final String DESTINATION = "--dest-uri=duckdb:////tmp/x.duckdb";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --source-table=orders                                            | shop.orders
          --source-table=shop.orders --dest-table=public.orders            | shop.orders
          --source-table=orders --primary-key=a --primary-key=b            | shop.orders
          --source-table=orders --sql-exclude-columns=a,b                  | shop.orders
          --include-tables=a,b --exclude-tables=c                          | shop
          --incremental-strategy=merge                                     | shop
          --incremental-strategy=append --full-refresh                     | shop
          --schema-contract=freeze --zero-dates=null --full-refresh        | shop
          --extract-parallelism=7 --progress=json --page-size=500 --yes    | shop
          """)
  void takes(String flags, String source) {
    IngestRequest request = request(flags, SOURCE);
    assertThat(request).isInstanceOf(SyncRequest.class);
    assertThat(request.sourceName()).isEqualTo(source);
    assertThat(request.warnings()).isEmpty();
  }

  /** The documented commands of ingestr, word for word behind the program's name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ingest --source-uri vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991&mode=batch"
            + " --source-table users --dest-uri duckdb:///x.duckdb --dest-table public.users",
        "ingest --source-uri vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991&dest_schema=raw"
            + " --dest-uri duckdb:///x.duckdb",
        "ingest --source-uri=vitess+cdc://user:password@host/keyspace?grpc_port=15991&tls=true&grpc_tls=false"
            + " --dest-uri=duckdb:///x.duckdb --source-table=keyspace.users --yes --progress=log",
      })
  void takesTheCommandsThatUsersHave(String typed) {
    IngestRequest request =
        IngestRequest.of(Main.options(CommandLine.parse(List.of(typed.split(" "))).arguments()));
    assertThat(request.sourceName()).startsWith("keyspace");
    assertThat(request.warnings()).isEmpty();
  }

  @Test
  void warnsOfWhatHasNoEffect() {
    IngestRequest request =
        request("--source-table=orders --incremental-key=updated_at", SOURCE + "&dest_schema=raw");
    assertThat(request.warnings())
        .containsExactly(
            "source handles incrementality internally, ignoring --incremental-key=updated_at",
            "dest_schema is ignored when --source-table is set; use --dest-table");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --dest-table=a.b                                | --dest-table needs --source-table; all tables of a keyspace keep their names and go to the schema dest_schema=<schema> of the source URI
          --primary-key=id                                | --primary-key is of one table and needs --source-table
          --sql-exclude-columns=a                         | --sql-exclude-columns is of one table and needs --source-table
          --source-table=t --include-tables=t             | --include-tables chooses tables where --source-table names none; leave one of them out
          --source-table=t --exclude-tables=t             | --exclude-tables chooses tables where --source-table names none; leave one of them out
          --source-table=query:SELECT_1                   | a query has no changes to follow; vitess:// loads what it gives now
          --source-table=t --sql-limit=5                  | --sql-limit is not for vitess+cdc://, which follows all changes of a table; vitess:// loads a part of its rows
          --source-table=t --interval-end=2024-01-01      | --interval-start and --interval-end are not for vitess+cdc://, which follows all changes of a table; vitess:// loads a part of its rows
          --source-table=t --incremental-strategy=append  | --incremental-strategy=append is not supported yet for changes, which would come as a log; use merge
          --source-table=t --incremental-strategy=scd2    | --incremental-strategy=scd2 is not supported for changes; use merge or replace
          --incremental-strategy=delete+insert            | --incremental-strategy=delete+insert is not supported for changes; use merge or replace
          --incremental-strategy=truncate+insert          | incremental-strategy "truncate+insert" has been removed; use "replace"
          --incremental-strategy=none                     | unknown strategy: none
          --schema-contract=discard_row                   | --schema-contract=discard_row is not for vitess+cdc://, which follows all changes of a table; use evolve or freeze
          --schema-contract=loose                         | --schema-contract is evolve, freeze, discard_row or discard_value, not loose
          --schema-naming=snake_case                      | --schema-naming is not for vitess+cdc://, which keeps the names of its columns
          --zero-dates=never                              | --zero-dates is fail, null or text, not never
          --extract-parallelism=0                         | --extract-parallelism is 0; it must be at least 1
          """)
  void refuses(String flags, String message) {
    assertThatThrownBy(() -> request(flags, SOURCE))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @Test
  void aUriWithoutTheGrpcPortIsRefusedInOneLine() {
    assertThatThrownBy(() -> request("--debug", "--source-uri=vitess+cdc://u:secret@h/shop"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("grpc_port")
        .hasMessageNotContaining("secret");
  }

  private static IngestRequest request(String flags, String source) {
    List<String> words = new ArrayList<>(List.of(flags.split(" ")));
    words.add(source);
    words.add(DESTINATION);
    return IngestRequest.of(Main.options(CommandLine.parse(words).arguments()));
  }
}
