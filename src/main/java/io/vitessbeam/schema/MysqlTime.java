package io.vitessbeam.schema;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.Schema.LogicalType;

/**
 * MySQL's TIME: an elapsed time of up to 838:59:59 either way, in microseconds. Beam's own TIME is
 * a time of day and can't hold it.
 */
public final class MysqlTime implements LogicalType<Duration, Long> {

  public static final MysqlTime INSTANCE = new MysqlTime();
  public static final String IDENTIFIER = "vitessbeam:logical_type:mysql_time:v1";

  private static final long serialVersionUID = 1L;

  private MysqlTime() {}

  @Override
  public String getIdentifier() {
    return IDENTIFIER;
  }

  /** None. */
  @Override
  public FieldType getArgumentType() {
    return null;
  }

  @Override
  public FieldType getBaseType() {
    return FieldType.INT64;
  }

  @Override
  public Long toBaseType(Duration input) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(input));
  }

  @Override
  public Duration toInputType(Long base) {
    return Duration.of(base, ChronoUnit.MICROS);
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
