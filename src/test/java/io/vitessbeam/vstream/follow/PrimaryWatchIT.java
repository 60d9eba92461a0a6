package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.ShardGtids;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real primary says of its time and of what is still to come. */
@Timeout(120)
class PrimaryWatchIT {

  private static final TestVitess VITESS = TestVitess.shared();

  private static final String TEXT = "x".repeat(1000);

  private final String table = VITESS.newTable("watched");

  private ShardReader open(Vgtid from) throws SQLException {
    ShardStream stream =
        new ShardStream(
                SHOP,
                "0",
                1,
                1,
                0,
                1,
                StreamPosition.at(from.gtid("0")),
                "",
                List.of(new ShardStream.Table(schema(), "")),
                true,
                Duration.ofMinutes(1))
            .lasting(NewColumns.TAKE);
    return new ShardReader(
        VitessCdcUri.of(VITESS.uri(SHOP), VITESS.host(), VITESS.grpcPort()),
        stream,
        stream.from(),
        Duration.ofSeconds(20),
        new ReaderLimits(3000, 1 << 20, 9000, 5000, 2, 20, 50, ReaderLimits.oneOf(1).folder()),
        shard -> ShardGtids.of(VITESS.uri(SHOP), shard),
        StreamWaits.UNHEARD);
  }

  private TableSchema schema() throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return new SchemaDiscovery(connection)
          .table(new TableName(SHOP, table))
          .orElseThrow()
          .schema();
    }
  }

  @Test
  void backlogThenTime() throws Exception {
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, t TEXT)");
    Vgtid from = ExecutedGtids.read(VITESS.uri(SHOP));
    for (int id = 1; id <= 60; id++) {
      VITESS.execute(SHOP, "INSERT INTO " + table + " (id, t) VALUES (" + id + ", '" + TEXT + "')");
    }
    try (ShardReader reader = open(from)) {
      // Nobody takes anything, so that little is read ahead.
      while (reader.backlogBytes() == 0) {
        Thread.sleep(20);
      }
      assertThat(reader.backlogBytes()).isBetween(20L * TEXT.length(), 80L * TEXT.length());

      long rows = 0;
      ShardReader.Item item;
      do {
        item = StreamFixture.next(reader);
        rows += item.rows();
      } while (rows < 60 || item.timeMillis() == item.commitMillis());
      assertThat(rows).isEqualTo(60);
      assertThat(reader.backlogBytes()).isZero();
      assertThat(item.blocks()).isEmpty();
      assertThat(item.timeMillis())
          .isBetween(System.currentTimeMillis() - 10_000, System.currentTimeMillis());
    }
  }
}
