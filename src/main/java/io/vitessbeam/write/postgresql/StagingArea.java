package io.vitessbeam.write.postgresql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import io.vitessbeam.write.strategy.StagedKeys;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and removes the tables in which a load stages. */
final class StagingArea {

  private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);

  /** The server would cut longer names, and take two for one. */
  private static final int NAME_BYTES = 63;

  /** How long the tables of the dead are waited for, which somebody may look at. */
  private static final String PATIENCE = "SELECT set_config('lock_timeout', '5000', true)";

  private final LoadId<PostgresqlUri> id;
  private final LoadSpec spec;
  private final String schemaName;
  private final PostgresqlSignOfLife alive;
  private final LoadTimings timings;

  /** Of others, that were there when this load began. */
  private List<StagingTables> others = List.of();

  private boolean createdSchema;

  StagingArea(LoadId<PostgresqlUri> id, PostgresqlSignOfLife alive, LoadTimings timings) {
    this.id = id;
    this.alive = alive;
    this.timings = timings;
    this.spec = id.spec();
    this.schemaName = id.table().schema();
  }

  /**
   * Checks that the rows can be brought into the target, and creates the tables or joins those that
   * are there.
   */
  BlockStaging prepare(PostgresqlSession session, TableSchema schema, Origin origin)
      throws SQLException {
    requireNames(schema);
    spec.requireFit(schema);
    requireComparable(schema);
    List<String> key = spec.keyOf(schema);
    boolean numbered = StagedKeys.matter(spec, key);
    StagingTables tables = StagingTables.of(id, schema, origin);
    session.transaction(
        PostgresqlSession.Purpose.PUBLISHING,
        () -> {
          lockSchema(session);
          createSchema(session);
          Target target = Target.find(session, id.table());
          target.requireFit(spec, key, TableColumns.of(schema));
          if (!exists(session, tables)) {
            boolean renamed =
                spec.strategy() == WriteStrategy.REPLACE && !numbered && !target.exists();
            StagingTables.Kind kind =
                renamed ? StagingTables.Kind.LOGGED : StagingTables.Kind.UNLOGGED;
            session.execute(tables.create(schema, kind, numbered, key));
          }
          return null;
        });
    return new BlockStaging(tables, schema, numbered);
  }

  private void requireNames(TableSchema schema) {
    Stream.concat(
            Stream.of(schemaName, id.table().table()), schema.columns().stream().map(Column::name))
        .filter(name -> name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES)
        .findFirst()
        .ifPresent(
            name -> {
              throw new ConfigurationException(
                  "PostgreSQL's names have at most %d bytes, and %s of %s has %d; choose another"
                          .formatted(
                              NAME_BYTES,
                              name,
                              id.table(),
                              name.getBytes(StandardCharsets.UTF_8).length)
                      + " name, or leave the column out");
            });
  }

  private void requireComparable(TableSchema schema) {
    List<String> compared = new ArrayList<>();
    boolean keyed = StagedKeys.matter(spec, spec.keyOf(schema));
    if (keyed) {
      compared.addAll(spec.keyOf(schema));
    }
    if (keyed || spec.strategy() == WriteStrategy.DELETE_INSERT) {
      compared.add(spec.incrementalKey());
    }
    for (Column column : schema.columns()) {
      if (column.type().base() == MysqlType.JSON && compared.contains(column.name())) {
        throw new ConfigurationException(
            "Column %s of %s is JSON, which has no order and no equality in PostgreSQL; choose"
                    .formatted(column.name(), schema.qualifiedName())
                + " another key");
      }
    }
  }

  /** Two that create the same things at the same time would get in each other's way. */
  private void lockSchema(PostgresqlSession session) throws SQLException {
    session.execute(
        "SELECT pg_advisory_xact_lock(" + Digest.of("schema", schemaName).value() + ")");
  }

  private void createSchema(PostgresqlSession session) throws SQLException {
    if (session.rows("SELECT" + existing()).isEmpty()) {
      session.execute("CREATE SCHEMA " + PostgresqlSql.quoted(schemaName));
      createdSchema = true;
    } else if (!session.holds(
        "SELECT has_schema_privilege(%s, 'USAGE') AND has_schema_privilege(%s, 'CREATE')"
            .formatted(PostgresqlSql.literal(schemaName), PostgresqlSql.literal(schemaName)))) {
      throw new ConfigurationException(
          "The user has no right to USAGE and CREATE on the schema %s, where rows are staged beside"
                  .formatted(schemaName)
              + " the table; grant it");
    }
  }

  private String existing() {
    return " FROM pg_catalog.pg_namespace WHERE nspname = " + PostgresqlSql.literal(schemaName);
  }

  private static boolean exists(PostgresqlSession session, StagingTables tables)
      throws SQLException {
    return session.number(
            "SELECT count(*)" + PostgresqlSql.CLASSES + PostgresqlSql.named(tables.staging()))
        > 0;
  }

  /** Drops what loads have left in the schema that are not alive, and notes the others. */
  void sweep(PostgresqlSession session) {
    try {
      List<StagingTables> found = found(session);
      others = found.stream().filter(tables -> !sweeps(session, tables)).toList();
    } catch (SQLException e) {
      LOG.warn("Staging tables that dead runs left in {} were not looked for", id.place(), e);
    }
  }

  /** The tables of other loads that are there. */
  private List<StagingTables> found(PostgresqlSession session) throws SQLException {
    List<StagingTables> found = new ArrayList<>();
    List<String> names =
        session.transaction(
            PostgresqlSession.Purpose.STAGING,
            () -> session.column(StagingTables.findAll(schemaName)));
    for (String name : names) {
      StagingTables.parse(schemaName, name)
          .filter(tables -> !tables.load().equals(id.digest()))
          .ifPresent(found::add);
    }
    return found;
  }

  /** Drops what those have left that were there when this load began, and are dead. */
  void sweepAgain() {
    if (others.isEmpty()) {
      return;
    }
    try (PostgresqlSession session = PostgresqlSession.open(id.place())) {
      List<StagingTables> left = inDoubt(session, others);
      while (!left.isEmpty()) {
        Thread.sleep(timings.sign().toMillis());
        left = inDoubt(session, left);
      }
    } catch (SQLException | VitessBeamException e) {
      LOG.warn("Staging tables that dead runs left in {} stay", id.place(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those that are left and may be dead; the loads that were published have dropped theirs. */
  private List<StagingTables> inDoubt(PostgresqlSession session, List<StagingTables> before)
      throws SQLException {
    List<StagingTables> found = found(session);
    List<StagingTables> doubtful = new ArrayList<>();
    for (StagingTables tables : before) {
      if (!found.contains(tables)) {
        alive.swept(tables.load());
      } else if (!sweeps(session, tables) && alive.isInDoubt(tables.load())) {
        doubtful.add(tables);
      }
    }
    return doubtful;
  }

  private boolean sweeps(PostgresqlSession session, StagingTables tables) {
    try {
      return session.transaction(
          PostgresqlSession.Purpose.STAGING,
          () -> {
            if (!alive.isDead(session, tables.load())) {
              return false;
            }
            session.execute(PATIENCE);
            session.execute(tables.drop());
            alive.swept(tables.load());
            return true;
          });
    } catch (SQLException e) {
      alive.swept(tables.load());
      LOG.warn("Staging table {} of a dead run is left: drop it", tables.staging(), e);
      return false;
    }
  }

  /** Drops all that this load has created. */
  void drop(PostgresqlSession session) throws SQLException {
    session.transaction(
        PostgresqlSession.Purpose.STAGING,
        () -> {
          session.execute(PATIENCE);
          for (String name : session.column(StagingTables.findAll(schemaName))) {
            StagingTables tables = StagingTables.parse(schemaName, name).orElse(null);
            if (tables != null && tables.load().equals(id.digest())) {
              session.execute(tables.drop());
            }
          }
          if (createdSchema && isEmpty(session)) {
            session.execute("DROP SCHEMA IF EXISTS " + PostgresqlSql.quoted(schemaName));
          }
          return null;
        });
  }

  private boolean isEmpty(PostgresqlSession session) throws SQLException {
    return session.number(
            "SELECT count(*)"
                + PostgresqlSql.CLASSES
                + "n.nspname = "
                + PostgresqlSql.literal(schemaName))
        == 0;
  }
}
