/**
 * Changes as JSON in the envelope of Debezium (before, after, source, op, ts_ms), with values in
 * the forms that its Vitess connector gives by default through Kafka Connect's JSON converter:
 *
 * <ul>
 *   <li>integers are numbers, BIGINT UNSIGNED is text (bigint.unsigned.handling.mode=string);
 *       DECIMAL is text; FLOAT and DOUBLE are numbers
 *   <li>DATE is days since 1970; DATETIME is milliseconds, with more than three fractional digits
 *       microseconds; TIME is microseconds; TIMESTAMP is ISO 8601 in UTC; YEAR is a number
 *       (time.precision.mode=adaptive_time_microseconds)
 *   <li>text, ENUM, SET and JSON are text; bytes are base64 (binary.handling.mode=bytes); BIT(1) is
 *       true or false, BIT(n) base64 of bytes in little-endian order
 * </ul>
 *
 * <p>What differs from that connector: a copied row has op {@code r} and snapshot {@code true}
 * instead of {@code c} and {@code false}; a change of a row's key is a delete and a create, without
 * a tombstone between them; TRUNCATE comes, as {@code t}; a column that binlog_row_image=NOBLOB
 * left out of a change has Debezium's {@code __debezium_unavailable_value} instead of null; text of
 * any character set is right; GEOMETRY has {@code srid} and {@code wkb}, a VECTOR is an array of
 * numbers; {@code source.vgtid} has the change's own shard only, and {@code source.order} sorts the
 * changes of a row, see {@link io.vitessbeam.ChangeRecord#order}; there is no schema beside the
 * payload.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/vitess.html">Debezium
 *     connector for Vitess</a>
 */
@Internal
package io.vitessbeam.vstream.json;

import org.apache.beam.sdk.annotations.Internal;
