package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.load.RereadBlock;
import io.vitessbeam.write.postgresql.copy.BlockCopy;
import java.sql.SQLException;

/**
 * Stages blocks of one plan, each in one transaction with its entry in the ledger, so that a block
 * that comes again is not staged again, in whatever JVM. Safe for threads.
 *
 * <p>A range that is read again may have changed: what was staged from the first block that differs
 * on is discarded. The rows of a block are found by their transaction, which is that of its entry.
 */
final class BlockStaging {

  /** Bits of a row's number that are for its place in the block, and those for the block. */
  private static final int ROW_BITS = 20;

  private static final int BLOCK_BITS = 24;

  private final StagingTables tables;
  private final TableSchema schema;
  private final boolean numbered;
  private final BlockCopy copy;
  private final String sql;

  BlockStaging(StagingTables tables, TableSchema schema, boolean numbered) {
    this.tables = tables;
    this.schema = schema;
    this.numbered = numbered;
    this.copy = new BlockCopy(schema, numbered);
    this.sql = "COPY " + PostgresqlSql.quoted(tables.staging()) + " FROM STDIN (FORMAT binary)";
  }

  StagingTables tables() {
    return tables;
  }

  TableSchema schema() {
    return schema;
  }

  /** Stages a block; the closing block of a range says that nothing comes behind it. */
  void stage(PostgresqlSession session, Block block) throws SQLException {
    session.transaction(
        PostgresqlSession.Purpose.STAGING,
        () -> {
          if (block.origin().closesRange()) {
            discardFrom(session, block.origin());
          } else if (enter(session, block)) {
            copy(session, block);
          }
          return null;
        });
  }

  /** Enters a block into the ledger, unless it is there. */
  private boolean enter(PostgresqlSession session, Block block) throws SQLException {
    Origin origin = block.origin();
    long checksum = RereadBlock.checksum(block);
    String insert =
        "INSERT INTO %s VALUES (%d, %d, %d, %d, %d) ON CONFLICT DO NOTHING"
            .formatted(
                PostgresqlSql.quoted(tables.ledger()),
                origin.range(),
                origin.sequence(),
                block.rows(),
                origin.leftOut(),
                checksum);
    if (session.update(insert) == 1) {
      return true;
    }
    long staged =
        session.number(
            "SELECT checksum FROM %s WHERE range = %d AND sequence = %d"
                .formatted(
                    PostgresqlSql.quoted(tables.ledger()), origin.range(), origin.sequence()));
    if (staged == checksum) {
      return false;
    }
    discardFrom(session, origin);
    session.update(insert);
    return true;
  }

  /** Removes a block and those behind it, which a former read of the range has left. */
  private void discardFrom(PostgresqlSession session, Origin origin) throws SQLException {
    String blocks =
        " %s l WHERE l.range = %d AND l.sequence >= %d"
            .formatted(PostgresqlSql.quoted(tables.ledger()), origin.range(), origin.sequence());
    if (session.number("SELECT count(*) FROM" + blocks) == 0) {
      return;
    }
    session.update(
        "DELETE FROM %s s USING".formatted(PostgresqlSql.quoted(tables.staging()))
            + blocks
            + " AND s.xmin = l.xmin");
    session.update("DELETE FROM" + blocks);
  }

  private void copy(PostgresqlSession session, Block block) throws SQLException {
    long copied = copy.copy(session.copying(sql), sql, block, numbered ? firstNumber(block) : 0);
    if (copied != block.rows()) {
      throw new DataException(
          "Staging %s: PostgreSQL took %,d of the %,d rows of a block"
              .formatted(schema.qualifiedName(), copied, block.rows()));
    }
  }

  /** Rows sort by range, block and place in it. */
  private long firstNumber(Block block) {
    Origin origin = block.origin();
    if (block.rows() >> ROW_BITS != 0
        || origin.sequence() >> BLOCK_BITS != 0
        || (long) origin.range() >> (Long.SIZE - 1 - ROW_BITS - BLOCK_BITS) != 0) {
      throw new DataException(
          "%s has more rows than can be numbered: %s".formatted(schema.qualifiedName(), block));
    }
    return ((long) origin.range() << BLOCK_BITS | origin.sequence()) << ROW_BITS;
  }
}
