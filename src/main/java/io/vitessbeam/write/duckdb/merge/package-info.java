/**
 * How changes become rows: the SQL that reduces staged changes to the last of each key and merges
 * them into a table. Works on one connection, inside the transaction of whoever calls it.
 */
package io.vitessbeam.write.duckdb.merge;
