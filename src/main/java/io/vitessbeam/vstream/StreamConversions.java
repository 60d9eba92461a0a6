package io.vitessbeam.vstream;

import io.vitess.proto.Query.Field;
import io.vitessbeam.connect.SqlFailures;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.schema.Collations;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.StreamColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * The conversions of a stream's columns. The server is asked for its collations when a column has
 * one that isn't common. For one thread.
 */
final class StreamConversions implements RowDecoder.Conversions {

  /** Those that need no question: binary, and the usual ones of utf8mb4 and utf8. */
  private static final Map<Integer, String> COMMON =
      Map.of(
          63, "binary", 45, "utf8mb4", 46, "utf8mb4", 255, "utf8mb4", 309, "utf8mb4", 33, "utf8",
          83, "utf8");

  private final ShardStream stream;
  private Collations collations = new Collations(COMMON);
  private boolean asked;

  StreamConversions(ShardStream stream) {
    this.stream = stream;
  }

  @Override
  public RowDecoder.Conversion of(
      Column column, Field field, boolean labelsAreText, boolean copying) {
    if (!asked && field.getCharset() != 0 && !COMMON.containsKey(field.getCharset())) {
      collations = ask();
      asked = true;
    }
    StreamColumn conversion = StreamColumn.of(column, field, labelsAreText, copying, collations);
    return conversion.isIdentity() ? null : conversion::convert;
  }

  private Collations ask() {
    try (Connection connection = new Vtgate(stream.uri().vitess()).lookUp(stream.shard())) {
      return Collations.read(connection);
    } catch (SQLException e) {
      throw SqlFailures.running("Reading the collations of " + stream.describe(), e);
    }
  }
}
