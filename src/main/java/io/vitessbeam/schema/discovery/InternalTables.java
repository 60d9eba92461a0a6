package io.vitessbeam.schema.discovery;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names of tables that Vitess or this project keeps among the tables of a keyspace. */
final class InternalTables {

  // Vitess writes it so, and means the hexadecimal digits.
  private static final String DIGIT = "[0-f]";
  private static final String TIME = "[0-9]{14}";

  /** Tables of online schema changes and dropped ones, in the forms of all versions of Vitess. */
  private static final Pattern OF_VITESS =
      Pattern.compile(
          // Since v19: _vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_
          ("_vt_[a-zA-Z0-9]{3}_" + DIGIT + "{32}_" + TIME + "_")
              // Before: _vt_HOLD_6ace8bcef73211ea87e9f875a4d24e90_20200915120410
              + ("|_vt_(HOLD|PURGE|EVAC|DROP)_" + DIGIT + "{32}_" + TIME)
              // _4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_gho
              + ("|_" + DIGIT + "{8}(_" + DIGIT + "{4}){3}_" + DIGIT + "{12}_" + TIME)
              + "_(gho|ghc|del|new|vrepl)");

  /** The parts of a migration's id, between or without the underscores that it has. */
  private static final Pattern MIGRATION =
      Pattern.compile(
          "_(?:vt_(?:vrp|VRP)_)?([0-9a-f]{8})_?([0-9a-f]{4})_?([0-9a-f]{4})_?([0-9a-f]{4})_?([0-9a-f]{12})_"
              + TIME
              + "_(?:vrepl)?");

  private static final String OURS = "_vitessbeam_";

  private InternalTables() {}

  static boolean contain(String table) {
    return OF_VITESS.matcher(table).matches() || table.startsWith(OURS);
  }

  /** See {@link SchemaDiscovery#migration}. */
  static Optional<String> migration(String table) {
    Matcher matcher = MIGRATION.matcher(table);
    return matcher.matches()
        ? Optional.of(
            IntStream.rangeClosed(1, matcher.groupCount())
                .mapToObj(matcher::group)
                .collect(Collectors.joining("_")))
        : Optional.empty();
  }

  /** See {@link SchemaDiscovery#whyNotFollowed}. */
  static Optional<String> whyNotFollowed(String table) {
    if (contain(table)) {
      return Optional.of(
          "it is an internal table of " + (table.startsWith(OURS) ? "this program" : "Vitess"));
    }
    return table.startsWith("_") && table.length() >= "__old".length() && table.endsWith("_old")
        ? Optional.of(
            "Vitess leaves out the changes of tables named _…_old, which it takes for leftovers of"
                + " pt-online-schema-change; rename the table")
        : Optional.empty();
  }
}
