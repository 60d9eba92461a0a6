/**
 * Follows the changes of shards: what vtgate's VStream sends becomes blocks of changes with
 * positions. {@link io.vitessbeam.vstream.StreamResolver} turns what a user asked for into one
 * {@link io.vitessbeam.vstream.position.ShardStream} per shard; the splittable DoFns ({@link
 * io.vitessbeam.vstream.StreamFn}) take the blocks of a shard from its reader in {@code follow},
 * claim the position behind them, and give them out.
 */
@Internal
package io.vitessbeam.vstream;

import org.apache.beam.sdk.annotations.Internal;
