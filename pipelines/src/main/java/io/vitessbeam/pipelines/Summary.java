package io.vitessbeam.pipelines;

/** What a successful run did, as text of one or more lines for its user. */
sealed interface Summary permits Loaded, Synced {}
