/**
 * Bounded reads. What a user asked for is checked against the server ({@code resolve}), planned
 * into key ranges of about equally many rows ({@code ranges}), and each range is read by one
 * connection into blocks ({@code cursor}), ahead of the splittable DoFn that claims the position
 * behind each block and gives it out ({@link io.vitessbeam.read.ReadRangesFn}). The rooms of other
 * sources ({@code duckdb}, {@code postgresql}) have ranges of their own.
 */
@Internal
package io.vitessbeam.read;

import org.apache.beam.sdk.annotations.Internal;
