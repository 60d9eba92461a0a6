package io.vitessbeam.vstream;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/** Settings of the servers under which their binary logs say what a row holds. */
public final class BinlogSettings {

  private BinlogSettings() {}

  /**
   * Passes if all shards have settings under which changes can be followed.
   *
   * @throws ConfigurationException saying what to set
   */
  public static void require(VitessUri uri, List<String> shards) {
    for (String shard : shards) {
      String where = uri.keyspace() + "/" + shard;
      try (Connection connection = new Vtgate(uri).lookUp(shard);
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT @@global.binlog_row_image, @@global.binlog_row_value_options,"
                      + " @@global.binlog_format")) {
        if (rows.next()) {
          require(where, rows.getString(1), rows.getString(2), rows.getString(3));
        }
      } catch (SQLException e) {
        throw SqlFailures.running("Reading the settings of " + where, e);
      }
    }
  }

  public static void require(String where, String rowImage, String valueOptions, String format) {
    if (!"ROW".equals(format.toUpperCase(Locale.ROOT))) {
      throw new ConfigurationException(
          "The servers of "
              + where
              + " have binlog_format="
              + format
              + ", which logs statements instead of the rows that they change; set"
              + " binlog_format=ROW");
    }
    if ("MINIMAL".equals(rowImage.toUpperCase(Locale.ROOT))) {
      throw new ConfigurationException(
          "The servers of "
              + where
              + " have binlog_row_image=MINIMAL, which leaves out what changes are told apart by;"
              + " set binlog_row_image=FULL (or NOBLOB)");
    }
    if (valueOptions != null && valueOptions.toUpperCase(Locale.ROOT).contains("PARTIAL_JSON")) {
      throw new ConfigurationException(
          "The servers of "
              + where
              + " have binlog_row_value_options=PARTIAL_JSON, which logs expressions instead of"
              + " documents; set it to ''");
    }
  }
}
