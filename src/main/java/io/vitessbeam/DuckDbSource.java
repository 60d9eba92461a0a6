package io.vitessbeam;

import java.io.Serializable;

/** What {@link DuckDbRead} reads: a database file, or files that DuckDB has readers for. */
public sealed interface DuckDbSource extends Serializable permits DuckDbUri, FileUri {}
