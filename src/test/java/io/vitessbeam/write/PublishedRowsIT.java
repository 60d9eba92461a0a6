package io.vitessbeam.write;

import static io.vitessbeam.WriteStrategy.APPEND;
import static io.vitessbeam.WriteStrategy.DELETE_INSERT;
import static io.vitessbeam.WriteStrategy.MERGE;
import static io.vitessbeam.WriteStrategy.REPLACE;
import static io.vitessbeam.WriteStrategy.SCD2;
import static io.vitessbeam.write.Place.DUCKDB;
import static io.vitessbeam.write.Place.MYSQL;
import static io.vitessbeam.write.Place.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that a publication writes are those of the load, whatever the table does to them: what keeps
 * some out without an error makes the load fail, which leaves the table as it was.
 */
class PublishedRowsIT {

  private static final TableSchema SOURCE =
      new TableSchema(
          "shop",
          "source",
          List.of(
              new Column("id", ColumnType.of(MysqlType.BIGINT), false),
              new Column("name", ColumnType.of(MysqlType.VARCHAR, 20), true),
              new Column("n", ColumnType.of(MysqlType.INT), true)),
          List.of());

  /** Of these the table has the first two; the others come, and then the second is another. */
  private static final List<String> BEFORE = List.of("1 one 1", "2 two 2");

  private static final List<String> OTHERS = List.of("3 three 3", "4 four 4");
  private static final List<String> CHANGED = List.of("1 one 1", "2 zwei 2", "3 three 3");

  @TempDir private static Path folder;

  /** What happens to the rows of a load, by strategy: those that are not named pass. */
  @SuppressWarnings("ImmutableEnumChecker") // They are never changed.
  private enum Case {
    NOTHING(EnumSet.allOf(Place.class)),
    CHANGES_VALUES(EnumSet.of(POSTGRESQL)) {
      @Override
      List<String> statements() {
        return trigger("INSERT OR UPDATE", "NEW.n := coalesce(NEW.n, 0); RETURN NEW");
      }
    },
    CHANGES_VALUES_OF_MYSQL(EnumSet.of(MYSQL), REPLACE) {
      @Override
      List<String> statements() {
        return List.of("CREATE TRIGGER $n BEFORE INSERT ON $t FOR EACH ROW SET NEW.n = NEW.n");
      }

      @Override
      String message(WriteStrategy strategy) {
        return "has triggers";
      }
    },
    KEEPS_ROWS_OUT(EnumSet.of(POSTGRESQL), WriteStrategy.values()) {
      @Override
      List<String> statements() {
        return trigger("INSERT", "RETURN CASE WHEN NEW.id = 3 THEN NULL ELSE NEW END");
      }

      @Override
      String message(WriteStrategy strategy) {
        return switch (strategy) {
          case REPLACE, DELETE_INSERT -> "of 3 rows to be inserted 2 were";
          case APPEND, SCD2 -> "of 2 rows to be inserted 1 were";
          case MERGE -> "of 1 rows to be inserted 0 were";
        };
      }
    },
    KEEPS_ROWS_AS_THEY_ARE(EnumSet.of(POSTGRESQL), MERGE, SCD2) {
      @Override
      List<String> statements() {
        return trigger("UPDATE", "RETURN NULL");
      }

      @Override
      String message(WriteStrategy strategy) {
        return "of 1 rows to be updated 0 were";
      }
    },
    KEEPS_ROWS(EnumSet.of(POSTGRESQL), DELETE_INSERT) {
      @Override
      List<String> statements() {
        return trigger("DELETE", "RETURN CASE WHEN OLD.id = 1 THEN NULL ELSE OLD END");
      }

      @Override
      String message(WriteStrategy strategy) {
        return "of 2 rows to be deleted 1 were";
      }
    },
    INSERTS_NOTHING(EnumSet.of(POSTGRESQL), WriteStrategy.values()) {
      @Override
      List<String> statements() {
        return List.of("CREATE RULE $n AS ON INSERT TO $t DO INSTEAD NOTHING");
      }
    },
    UPDATES_NOTHING(EnumSet.of(POSTGRESQL), MERGE, SCD2) {
      @Override
      List<String> statements() {
        return List.of("CREATE RULE $n AS ON UPDATE TO $t DO INSTEAD NOTHING");
      }
    },
    DELETES_NOTHING(EnumSet.of(POSTGRESQL), DELETE_INSERT) {
      @Override
      List<String> statements() {
        return List.of("CREATE RULE $n AS ON DELETE TO $t DO INSTEAD NOTHING");
      }
    },
    INSERTS_ELSEWHERE(EnumSet.of(POSTGRESQL), WriteStrategy.values()) {
      @Override
      List<String> statements() {
        return List.of(
            "CREATE TABLE $n (LIKE $t)",
            "CREATE RULE $n AS ON INSERT TO $t DO INSTEAD INSERT INTO $n SELECT NEW.*");
      }
    };

    private final Set<Place> places;
    private final Set<WriteStrategy> refused;

    Case(Set<Place> places, WriteStrategy... refused) {
      this.places = places;
      this.refused = Set.of(refused);
    }

    /** What is done to the table {@code $t}; nothing else is called {@code $n}. */
    List<String> statements() {
      return List.of();
    }

    /** Of a load that is refused. */
    String message(WriteStrategy strategy) {
      return "rule";
    }

    private static List<String> trigger(String events, String does) {
      return List.of(
          "CREATE FUNCTION $n() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN %s; END $f$"
              .formatted(does),
          "CREATE TRIGGER $n BEFORE %s ON $t FOR EACH ROW EXECUTE FUNCTION $n()".formatted(events));
    }
  }

  private static Stream<Object[]> cases() {
    return Stream.of(Case.values())
        .flatMap(
            is ->
                is.places.stream()
                    .flatMap(
                        place ->
                            Stream.of(WriteStrategy.values())
                                .map(strategy -> new Object[] {place, is, strategy})));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noRowIsMissedSilently(Place place, Case is, WriteStrategy strategy) throws Exception {
    String name = "published_%s_%s".formatted(is, strategy).toLowerCase(Locale.ROOT);
    String table = place.quoted(name);
    place.execute(folder, create(place, strategy).replace("$t", table));
    for (String row : BEFORE) {
      String version = strategy == SCD2 ? ", TIMESTAMP '2020-01-01 00:00:00', NULL, true" : "";
      place.execute(
          folder, "INSERT INTO %s VALUES (%s%s)".formatted(table, literals(row), version));
    }
    for (String statement : is.statements()) {
      place.execute(folder, statement.replace("$t", table).replace("$n", "n_" + name));
    }
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", name))
            .withStrategy(strategy)
            .withPrimaryKey(strategy == MERGE || strategy == SCD2 ? List.of("id") : List.of())
            .withIncrementalKey(strategy == DELETE_INSERT ? "n" : "");
    Loader loader = place.destination(folder).loader(spec);
    List<String> rows = strategy == APPEND ? OTHERS : CHANGED;

    if (is.refused.contains(strategy)) {
      assertThatThrownBy(() -> Place.load(loader, blocks(rows)))
          .isInstanceOfAny(DataException.class, ConfigurationException.class)
          .hasMessageContaining(name)
          .hasMessageContaining(is.message(strategy));
      place.destination(folder).abort(spec.runId());
      assertThat(rows(place, table)).isEqualTo(BEFORE);
    } else {
      Place.load(loader, blocks(rows));
      assertThat(rows(place, table)).isEqualTo(after(strategy));
    }
  }

  private static List<String> after(WriteStrategy strategy) {
    return switch (strategy) {
      case REPLACE, MERGE, DELETE_INSERT -> CHANGED;
      case APPEND -> Stream.of(BEFORE, OTHERS).flatMap(List::stream).toList();
      case SCD2 -> List.of("1 one 1", "2 two 2", "2 zwei 2", "3 three 3");
    };
  }

  private static String create(Place place, WriteStrategy strategy) {
    String key = "";
    if (place != DUCKDB) {
      key = ", PRIMARY KEY (id%s)".formatted(strategy == SCD2 ? ", _scd_valid_from" : "");
    }
    String versions =
        strategy == SCD2
            ? ", _scd_valid_from timestamp(6) NOT NULL, _scd_valid_to timestamp(6) NULL,"
                + " _scd_is_current boolean NOT NULL"
            : "";
    return "CREATE TABLE $t (id bigint NOT NULL, name varchar(20), n int" + versions + key + ")";
  }

  private static String literals(String row) {
    String[] values = row.split(" ", -1);
    return "%s, '%s', %s".formatted(values[0], values[1], values[2]);
  }

  private static List<String> rows(Place place, String table) throws SQLException {
    return place.rows(folder, "SELECT id, name, n FROM " + table + " ORDER BY 1, 2").stream()
        .map(row -> String.join(" ", row))
        .toList();
  }

  private static List<Block> blocks(List<String> rows) {
    BlockBuilder block = new BlockBuilder(SOURCE, 1024);
    for (String row : rows) {
      block.startRow();
      for (String value : row.split(" ", -1)) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        block.addValue(bytes, 0, bytes.length);
      }
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(block.build(new Origin(5, 0, 1, 0, -1, "")));
    blocks.add(Block.closing(SOURCE, new Origin(5, 0, 1, 1, rows.size(), "")));
    return blocks;
  }
}
