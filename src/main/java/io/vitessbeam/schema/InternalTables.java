package io.vitessbeam.schema;

import java.util.regex.Pattern;

/** Names of tables that Vitess or this project keeps among the tables of a keyspace. */
final class InternalTables {

  private static final String TIME = "[0-9]{14}";

  /** Tables of online schema changes and dropped ones, in the forms of all versions of Vitess. */
  private static final Pattern OF_VITESS =
      Pattern.compile(
          // Since v19: _vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_
          "_vt_[a-zA-Z0-9]{3}_[0-9a-f]{32}_"
              + TIME
              + "_"
              // Before: _vt_HOLD_6ace8bcef73211ea87e9f875a4d24e90_20200915120410
              + "|_vt_(HOLD|PURGE|EVAC|DROP)_[0-9a-f]{32}_"
              + TIME
              // _4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_gho
              + "|_[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}_"
              + TIME
              + "_(gho|ghc|del|new|vrepl)");

  private static final String OURS = "_vitessbeam_";

  private InternalTables() {}

  static boolean contain(String table) {
    return OF_VITESS.matcher(table).matches() || table.startsWith(OURS);
  }
}
