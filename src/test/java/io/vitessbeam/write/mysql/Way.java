package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.REPLACE;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.mysql.publish.Versions;
import java.util.List;

/** What is loaded, and how, by tests that disturb loads of every kind. */
enum Way {
  REPLACE_BY_SOURCE_KEY(REPLACE, true),
  REPLACE_BY_NAMED_KEY(REPLACE, true),
  MERGE(WriteStrategy.MERGE, true),
  APPEND_WITH_KEY(WriteStrategy.APPEND, true),
  APPEND_WITHOUT_KEY(WriteStrategy.APPEND, false),
  DELETE_INSERT(WriteStrategy.DELETE_INSERT, false),
  DELETE_INSERT_WITH_KEY(WriteStrategy.DELETE_INSERT, true),
  SCD2(WriteStrategy.SCD2, false);

  /** Of the publication. */
  static final int ROWS_OF_TRANSACTION = 32;

  /** Rows that are there already, more than a transaction deletes. */
  private static final int KNOWN = 40;

  private final WriteStrategy strategy;
  private final boolean key;

  Way(WriteStrategy strategy, boolean key) {
    this.strategy = strategy;
    this.key = key;
  }

  WriteStrategy strategy() {
    return strategy;
  }

  LoadSpec options(LoadSpec spec) {
    return switch (this) {
      case REPLACE_BY_NAMED_KEY -> spec.withPrimaryKey(List.of("id"));
      case DELETE_INSERT -> spec.withIncrementalKey("changed");
      case DELETE_INSERT_WITH_KEY ->
          spec.withIncrementalKey("changed").withInterval(new Interval("2023-01-01", ""));
      default -> spec;
    };
  }

  /** More rows than a transaction takes; some are there already, unless that is an error. */
  Source source() {
    int from = strategy == WriteStrategy.APPEND ? KNOWN : KNOWN / 2;
    int to = from + ROWS_OF_TRANSACTION * 3 / 2;
    return Source.items().items(from, to, "new").in(2, ROWS_OF_TRANSACTION);
  }

  /** The statements that make the table with the rows that are there already. */
  String[] existing() {
    String columns = this == SCD2 ? ", " + String.join(", ", Versions.DEFINITIONS) : "";
    String keys = key ? ", PRIMARY KEY (id)" : ", KEY (id), KEY (changed)";
    String version = this == SCD2 ? ", '2023-01-01', NULL, 1" : "";
    return new String[] {
      "CREATE TABLE $t (id BIGINT NOT NULL, name VARCHAR(50), changed DATETIME"
          + columns
          + keys
          + ")",
      "INSERT INTO $t SELECT n, CONCAT('old ', n), '2023-01-01'"
          + version
          + " FROM (WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1 FROM r WHERE n < "
          + (KNOWN - 1)
          + ") SELECT n FROM r) x"
    };
  }

  /** The query for all rows, with all that is the same after another load of the same source. */
  String rows() {
    boolean versions = this == SCD2;
    return "SELECT id, name, changed"
        + (versions ? ", _scd_is_current, _scd_valid_to IS NULL" : "")
        + " FROM $t ORDER BY 1, 2"
        + (versions ? ", 4" : "");
  }
}
