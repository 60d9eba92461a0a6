/** Bounded reads of PostgreSQL by {@code COPY … TO STDOUT}. */
@Internal
package io.vitessbeam.read.postgresql;

import org.apache.beam.sdk.annotations.Internal;
