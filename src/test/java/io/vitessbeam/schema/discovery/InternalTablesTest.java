package io.vitessbeam.schema.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InternalTablesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_",
        "_vt_prg_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_",
        "_vt_vrp_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_",
        "_vt_HOLD_6ace8bcef73211ea87e9f875a4d24e90_20200915120410",
        "_vt_PURGE_6ace8bcef73211ea87e9f875a4d24e90_20200915120410",
        "_vt_EVAC_6ace8bcef73211ea87e9f875a4d24e90_20200915120410",
        "_vt_DROP_6ace8bcef73211ea87e9f875a4d24e90_20200915120410",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_gho",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_ghc",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_del",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_new",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_vrepl",
        "_vitessbeam_positions",
      })
  void internal(String name) {
    assertThat(InternalTables.contain(name)).isTrue();
    assertThat(SchemaDiscovery.whyNotFollowed(name).orElse(""))
        .isEqualTo(
            "it is an internal table of "
                + (name.startsWith("_vitessbeam") ? "this program" : "Vitess"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "_vt",
        "_vt_orders",
        "vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_",
        "_vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_x",
        "_vitessbeam",
        "gho",
        "_orders_new",
        "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_old",
      })
  void ofUsers(String name) {
    assertThat(InternalTables.contain(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "_vt_vrp_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_,"
        + " 6ace8bce_f732_11ea_87e9_f875a4d24e90",
    "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_vrepl,"
        + " 4e5dcf80_354b_11eb_82cd_f875a4d24e90",
    "_vt_hld_6ace8bcef73211ea87e9f875a4d24e90_20200915120410_,",
    "_4e5dcf80_354b_11eb_82cd_f875a4d24e90_20201203114014_gho,",
    "orders,",
  })
  void whichMigrationFillsIt(String name, String migration) {
    assertThat(SchemaDiscovery.migration(name)).isEqualTo(Optional.ofNullable(migration));
  }
}
