/** Bounded reads of DuckDB files, and of the files that DuckDB reads. */
@Internal
package io.vitessbeam.read.duckdb;

import org.apache.beam.sdk.annotations.Internal;
