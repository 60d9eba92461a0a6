/**
 * What a run of changes does. The source's tables are chosen and checked against what the
 * destination has of them ({@link io.vitessbeam.sync.TableDecision}: copy, follow, or an error),
 * the plan of the first round says which are copied and where each shard's stream begins, the
 * copies are read in key ranges, the stop boundary is read when they are complete, and tables that
 * broke on the way are planned again for the second round.
 */
@Internal
package io.vitessbeam.sync;

import org.apache.beam.sdk.annotations.Internal;
