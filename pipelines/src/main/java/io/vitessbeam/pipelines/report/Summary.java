package io.vitessbeam.pipelines.report;

/** What a successful run did, or was begun, as text of one or more lines for its user. */
public sealed interface Summary permits Loaded, Submitted, Synced {}
