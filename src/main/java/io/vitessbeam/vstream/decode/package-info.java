/**
 * From the events of a stream to rows of a table: the field event tells the columns, {@link
 * io.vitessbeam.vstream.decode.RowDecoder} brings each row image into the form of the OLAP
 * workload, {@link io.vitessbeam.vstream.decode.ChangeBuilder} gathers the changes, and statements
 * (DDL, DML in the log) tell which tables can't be followed any further.
 */
@Internal
package io.vitessbeam.vstream.decode;

import org.apache.beam.sdk.annotations.Internal;
