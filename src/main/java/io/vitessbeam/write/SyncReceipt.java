package io.vitessbeam.write;

import java.io.Serializable;

/**
 * The receipt for a range all of whose rows are staged and committed: a key range of a table that
 * is copied, or a shard's stream of changes.
 *
 * @param part of the run that it belongs to, see {@link StageSyncFn}
 * @param table source table of a copied range; empty for a stream, which has several
 * @param plan fingerprint of the plan that the range is of
 * @param range index of the range, from 0
 * @param ranges number of ranges of the table, or of streams
 * @param rows staged
 */
public record SyncReceipt(String part, String table, long plan, int range, int ranges, long rows)
    implements Serializable {}
