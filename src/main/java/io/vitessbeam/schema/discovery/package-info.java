/**
 * What {@code information_schema} says of a table: its columns with all that decides their values,
 * and its keys.
 */
@Internal
package io.vitessbeam.schema.discovery;

import org.apache.beam.sdk.annotations.Internal;
