/**
 * PostgreSQL as a destination: blocks are staged by COPY, one transaction each, from any number of
 * processes; one transaction publishes them.
 */
@Internal
package io.vitessbeam.write.postgresql;

import org.apache.beam.sdk.annotations.Internal;
