/** Bounded reads of DuckDB files, and of the files that DuckDB reads. */
package io.vitessbeam.read.duckdb;
