package io.vitessbeam.vstream.decode;

import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.vstream.decode.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a DDL statement of a stream means for the tables that are followed. Anything that is not
 * plainly known to leave their rows alone counts as a change: that costs a copy, a wrong guess
 * would cost wrong data.
 *
 * <p>vttablet sends the statements that name a table of the stream, and all that it can't parse.
 */
public final class DdlStatement {

  /** What it does to a table. */
  public enum Effect {
    NONE,
    TRUNCATES,
    /** Adds nullable columns without a default at the end, see {@link #addedColumns}. */
    ADDS_COLUMNS,
    /** Adds columns at the end that rows of before have, too, with values that don't come. */
    ADDS_FILLED_COLUMNS,
    CHANGES
  }

  /** What is neither a table nor changes the rows of one; changes by triggers come as rows. */
  private static final Set<String> OTHER_OBJECTS =
      Set.of(
          "definer",
          "event",
          "function",
          "instance",
          "logfile",
          "procedure",
          "resource",
          "role",
          "server",
          "tablespace",
          "trigger",
          "user",
          "view");

  private static final Set<String> INDEX_WORDS =
      Set.of("index", "key", "unique", "fulltext", "spatial");

  /** What ADD is followed by when it adds no column. */
  private static final Set<String> NO_COLUMNS =
      Set.of("check", "constraint", "foreign", "partition", "period", "primary");

  private static final Set<String> INDEX_ACTIONS = Set.of("add", "drop", "rename", "alter");

  /** What can be set of a table and changes no row; a value comes behind, with a sign or none. */
  private static final Set<String> TABLE_OPTIONS =
      Set.of(
          "auto_increment",
          "autoextend_size",
          "avg_row_length",
          "checksum",
          "comment",
          "compression",
          "delay_key_write",
          "encryption",
          "engine",
          "key_block_size",
          "max_rows",
          "min_rows",
          "pack_keys",
          "row_format",
          "stats_auto_recalc",
          "stats_persistent",
          "stats_sample_pages");

  /** Say how the server goes about a change, not what changes. */
  private static final Set<String> OPTIONS = Set.of("algorithm", "lock");

  /** Words with which a new column may hold something else than NULL, or isn't the last one. */
  private static final Set<String> NOT_PLAIN =
      Set.of(
          "after",
          "as",
          "auto_increment",
          "check",
          "default",
          "first",
          "generated",
          "invisible",
          "key",
          "not",
          "primary",
          "references",
          "serial",
          "unique");

  /** Those of them with which it isn't the last column, is part of a key, or isn't seen. */
  private static final Set<String> NOT_LAST =
      Set.of("after", "first", "invisible", "key", "primary", "serial", "unique");

  private final String text;
  private final List<Token> tokens;
  private final List<String> addedColumns = new ArrayList<>();
  private final Effect effect;

  public DdlStatement(String text) {
    this.text = text;
    this.tokens = SqlTokens.of(text);
    this.effect = findEffect();
  }

  public Effect effect() {
    return effect;
  }

  /** The columns that an {@link Effect#ADDS_COLUMNS} adds. */
  List<String> addedColumns() {
    return addedColumns;
  }

  /** Whether the effect is one on the table; if in doubt, it is. */
  public boolean concerns(String table) {
    if (!isTableStatement()) {
      return true;
    }
    boolean one = is(0, "truncate") || is(0, "create") || (is(0, "alter") && !namesMore());
    List<Token> names = one ? tokens.subList(0, Math.min(tableAt() + 1, tokens.size())) : tokens;
    return names.stream().anyMatch(token -> token.isName() && token.text().equalsIgnoreCase(table));
  }

  /**
   * The migration that it is the end of, if it is that of an online DDL of Vitess's: a table that
   * it has filled gets the name of the one that it is a copy of.
   */
  Optional<String> onlineMigration(String table) {
    for (int i = 1; is(0, "rename") && i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is("to") && tokens.get(i + 1).text().equalsIgnoreCase(table)) {
        return SchemaDiscovery.migration(tokens.get(i - 1).text());
      }
    }
    return Optional.empty();
  }

  /** Whether rows may be gone where it was carried out by filling another table. */
  boolean mayDropDuplicates() {
    return tokens.stream().anyMatch(token -> token.is("unique"));
  }

  private boolean isTableStatement() {
    return is(0, "truncate") || tableWordAt() > 0;
  }

  /** The index of the word TABLE behind CREATE, ALTER, DROP or RENAME; 0 if it isn't there. */
  private int tableWordAt() {
    boolean known = is(0, "create") || is(0, "alter") || is(0, "drop") || is(0, "rename");
    int at = is(1, "temporary") ? 2 : 1;
    return known && (is(at, "table") || (is(0, "drop") && is(at, "tables"))) ? at : 0;
  }

  /** Whether an ALTER TABLE may be about a second table, too. */
  private boolean namesMore() {
    return tokens.stream().anyMatch(token -> token.is("rename") || token.is("exchange"));
  }

  /** The index of the table's name, of its last part if it is qualified. */
  private int tableAt() {
    int at = is(0, "truncate") && !is(1, "table") ? 1 : Math.max(1, tableWordAt()) + 1;
    if (is(at, "if")) {
      at += is(at + 1, "not") ? 3 : 2;
    }
    return is(at + 1, ".") ? at + 2 : at;
  }

  private Effect findEffect() {
    if (is(0, "truncate")) {
      return Effect.TRUNCATES;
    }
    if (is(0, "analyze") || is(0, "optimize") || isAboutOthers() || isIndexStatement()) {
      return Effect.NONE;
    }
    return is(0, "alter") && is(1, "table") ? alteration() : Effect.CHANGES;
  }

  private boolean isAboutOthers() {
    for (int i = 1; i < tokens.size() && !is(i, "table") && !is(i, "tables"); i++) {
      if (tokens.get(i).isAnyOf(OTHER_OBJECTS)) {
        return true;
      }
    }
    return is(1, "spatial") && is(2, "reference");
  }

  private boolean isIndexStatement() {
    return (is(0, "create") || is(0, "drop"))
        && (is(1, "index")
            || ((is(1, "unique") || is(1, "fulltext") || is(1, "spatial")) && is(2, "index")));
  }

  private Effect alteration() {
    boolean any = false;
    boolean filled = false;
    for (List<Token> change : changes()) {
      if (change.isEmpty()) {
        return Effect.CHANGES;
      }
      if (change.get(0).isAnyOf(OPTIONS)) {
        continue;
      }
      any = true;
      if (isIndexOnly(change) || isOptionsOnly(change)) {
        continue;
      }
      if (!isColumn(change, NOT_LAST)) {
        return Effect.CHANGES;
      }
      filled |= !isColumn(change, NOT_PLAIN);
      addedColumns.add(change.get(nameAt(change)).text());
    }
    if (filled) {
      return Effect.ADDS_FILLED_COLUMNS;
    }
    if (!any) {
      return Effect.CHANGES;
    }
    return addedColumns.isEmpty() ? Effect.NONE : Effect.ADDS_COLUMNS;
  }

  /** What stands between the commas behind the table's name. */
  private List<List<Token>> changes() {
    List<List<Token>> changes = new ArrayList<>();
    List<Token> change = new ArrayList<>();
    int depth = 0;
    for (Token token : tokens.subList(Math.min(tableAt() + 1, tokens.size()), tokens.size())) {
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth == 0 && token.is(",")) {
        changes.add(change);
        change = new ArrayList<>();
      } else if (!token.is(";")) {
        change.add(token);
      }
    }
    changes.add(change);
    return changes;
  }

  private static boolean isIndexOnly(List<Token> change) {
    return change.size() > 1
        && change.get(0).isAnyOf(INDEX_ACTIONS)
        && change.get(1).isAnyOf(INDEX_WORDS)
        && change.stream().noneMatch(token -> token.is("primary"));
  }

  /** One or more of {@code engine = innodb comment 'x'}; or the keys on and off, or FORCE. */
  private static boolean isOptionsOnly(List<Token> change) {
    if (change.size() == 1) {
      return change.get(0).is("force");
    }
    if (change.get(0).is("enable") || change.get(0).is("disable")) {
      return change.size() == 2 && change.get(1).is("keys");
    }
    int at = 0;
    while (at < change.size()) {
      if (!change.get(at++).isAnyOf(TABLE_OPTIONS)) {
        return false;
      }
      if (at < change.size() && change.get(at).is("=")) {
        at++;
      }
      if (at++ >= change.size()) {
        return false;
      }
    }
    return true;
  }

  private static int nameAt(List<Token> change) {
    return change.size() > 1 && change.get(1).is("column") ? 2 : 1;
  }

  /** Whether it adds a column that is described without some words. */
  private static boolean isColumn(List<Token> change, Set<String> words) {
    int name = nameAt(change);
    if (!change.get(0).is("add")
        || change.size() < name + 2
        || !change.get(name).isName()
        || change.get(name).isAnyOf(NO_COLUMNS)) {
      return false;
    }
    int depth = 0;
    for (int i = name + 1; i < change.size(); i++) {
      Token token = change.get(i);
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      boolean nullDefault =
          token.is("default") && i + 1 < change.size() && change.get(i + 1).is("null");
      if (depth == 0 && token.isAnyOf(words) && !nullDefault) {
        return false;
      }
    }
    return true;
  }

  private boolean is(int at, String word) {
    return at < tokens.size() && tokens.get(at).is(word);
  }

  @Override
  public String toString() {
    return text;
  }
}
