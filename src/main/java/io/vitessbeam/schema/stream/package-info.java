/**
 * The values of a VStream, brought into the form in which the OLAP workload sends them and the type
 * table's decoders read them: character sets, members of ENUM and SET by number, JSON.
 */
@Internal
package io.vitessbeam.schema.stream;

import org.apache.beam.sdk.annotations.Internal;
