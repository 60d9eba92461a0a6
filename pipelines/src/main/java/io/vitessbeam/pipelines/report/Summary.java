package io.vitessbeam.pipelines.report;

/** What a successful run did, as text of one or more lines for its user. */
public sealed interface Summary permits Loaded, Synced {}
