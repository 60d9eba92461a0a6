package io.vitessbeam.vstream.decode;

import io.vitessbeam.vstream.decode.SqlTokens.Token;
import java.util.List;

/** A statement that changed rows, which the binary log has in their place. */
public final class DmlStatement {

  static final String REASON =
      "the binary log holds a statement that changed it, instead of the rows; set"
          + " binlog_format=ROW for all sessions";

  private final List<Token> tokens;

  public DmlStatement(String text) {
    this.tokens = SqlTokens.of(text);
  }

  /** Whether a table is named; if nothing is known of the statement, it may be. */
  boolean concerns(String table) {
    return tokens.isEmpty()
        || tokens.stream()
            .anyMatch(token -> token.isName() && token.text().equalsIgnoreCase(table));
  }
}
