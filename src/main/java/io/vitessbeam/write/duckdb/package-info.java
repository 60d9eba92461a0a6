/** DuckDB as a destination. Everything but the two DoFns works, and is tested, without Beam. */
package io.vitessbeam.write.duckdb;
