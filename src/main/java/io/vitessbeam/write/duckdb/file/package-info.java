/**
 * A DuckDB file that is open, for as long as somebody uses it: its settings, its catalog, its
 * statements, and what its failures mean. Knows nothing of loads but how their tables are called.
 */
@Internal
package io.vitessbeam.write.duckdb.file;

import org.apache.beam.sdk.annotations.Internal;
