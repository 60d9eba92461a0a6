package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** A DuckDB file that follows keyspaces of the tests' Vitess. */
record SyncedCopy(Path path) {

  private static final TestVitess VITESS = TestVitess.shared();

  DuckDbUri uri() {
    return new DuckDbUri(path.toString());
  }

  /** The address of a keyspace. */
  static VitessCdcUri source(String keyspace) {
    return VitessCdcUri.of(VITESS.uri(keyspace), VITESS.host(), VITESS.grpcPort());
  }

  /** The same, of which VStream makes the copies. */
  static VitessCdcUri copiedByVStream(String keyspace) {
    VitessCdcUri uri = source(keyspace);
    return uri.withVstreamCopy();
  }

  VitessSync of(String keyspace, String table) {
    return VitessSync.from(source(keyspace)).to(uri()).withTable(table, "", table);
  }

  /** Fails unless the live rows of the destination are those of the source. */
  void assertEqual(String keyspace, String table, String columns, String target)
      throws SQLException {
    try (Connection connection = VITESS.connect(keyspace)) {
      assertThat(
              TableRows.ofDuckDb(
                  path, "SELECT " + columns + " FROM " + target + " WHERE NOT _cdc_deleted"))
          .isEqualTo(TableRows.ofVitess(connection, "SELECT " + columns + " FROM `" + table + "`"));
    }
  }
}
