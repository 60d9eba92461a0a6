package io.vitessbeam.write.postgresql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.List;

/**
 * What of a table can keep rows from being written, deleted or seen without an error: triggers,
 * which may do so and whose doings have to be counted, and rules and policies, which do.
 *
 * @param strategy what is done to the table
 */
record RowFilters(PostgresqlSession session, TargetTable table, WriteStrategy strategy) {

  /**
   * A statement as the catalogs note it: in a trigger's bits, a rule's type, a policy's command.
   */
  private record Event(int trigger, char rule, char policy) {
    static final Event SELECT = new Event(0, '1', 'r');
    static final Event UPDATE = new Event(16, '2', 'w');
    static final Event INSERT = new Event(4, '3', 'a');
    static final Event DELETE = new Event(8, '4', 'd');
  }

  private List<Event> events() {
    return switch (strategy) {
      case REPLACE, APPEND -> List.of(Event.INSERT);
      case MERGE, SCD2 -> List.of(Event.SELECT, Event.INSERT, Event.UPDATE);
      case DELETE_INSERT -> List.of(Event.SELECT, Event.INSERT, Event.DELETE);
    };
  }

  /** Names of those before each row; they may fill columns, change values, or drop the row. */
  List<String> triggers() throws SQLException {
    int events = events().stream().mapToInt(Event::trigger).sum();
    String oid = oid();
    // Bits of tgtype: 1 for each row, 2 before.
    return session.column(
        "SELECT DISTINCT 'trigger ' || tgname FROM pg_catalog.pg_trigger WHERE tgenabled <> 'D'"
            + " AND tgtype & 3 = 3 AND tgtype & %d <> 0 AND (tgrelid = %s".formatted(events, oid)
            + " OR tgrelid IN (SELECT relid FROM pg_partition_tree(%s))) ORDER BY 1"
                .formatted(oid));
  }

  /**
   * Passes if no rule and no policy comes between.
   *
   * @throws ConfigurationException naming it
   */
  void requireNone() throws SQLException {
    for (Event event : events()) {
      requireNoRule(event);
      requireAllSeen(event);
    }
  }

  private void requireNoRule(Event event) throws SQLException {
    List<String> rules =
        session.column(
            "SELECT rulename FROM pg_catalog.pg_rewrite WHERE ev_enabled <> 'D' AND is_instead"
                + " AND ev_type = '%s' AND ev_class = %s ORDER BY 1".formatted(event.rule, oid()));
    if (!rules.isEmpty()) {
      throw new ConfigurationException(
          "The rule %s of %s does something else INSTEAD of what a load does; drop it, or choose another table"
              .formatted(String.join(", ", rules), table));
    }
  }

  /** Which row a policy hides is not said; what an INSERT may not bring is. */
  private void requireAllSeen(Event event) throws SQLException {
    if (event.equals(Event.INSERT)) {
      return;
    }
    boolean hides =
        session.holds(
            "SELECT row_security_active(%s) AND (NOT EXISTS (%s) OR EXISTS (%s))"
                .formatted(oid(), policies(event, "=", ""), policies(event, "<>", "NOT ")));
    if (hides) {
      throw new ConfigurationException(
          "Row security of %s hides rows from the user, which the strategy %s has to find: give the user a policy USING (true), or BYPASSRLS"
              .formatted(table, strategy));
    }
  }

  private String policies(Event event, String operator, String not) {
    return "SELECT FROM pg_catalog.pg_policy WHERE polrelid = %s AND polcmd IN ('*', '%s') AND (polroles = '{0}' OR EXISTS (SELECT FROM unnest(polroles) role WHERE pg_has_role(role, 'USAGE'))) AND pg_get_expr(polqual, polrelid) %s 'true' AND %spolpermissive"
        .formatted(oid(), event.policy, operator, not);
  }

  private String oid() {
    return "to_regclass(" + PostgresqlSql.literal(PostgresqlSql.quoted(table)) + ")";
  }
}
