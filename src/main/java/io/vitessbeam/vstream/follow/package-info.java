/**
 * One shard's stream from its call to blocks: a thread of {@link
 * io.vitessbeam.vstream.follow.ShardLog} takes the responses and opens the stream again when it
 * breaks, {@link io.vitessbeam.vstream.follow.Transactions} makes whole transactions of the events
 * (those that are too large for memory go to a file), and the blocks wait in the {@link
 * io.vitessbeam.vstream.follow.ShardReader}, by some megabytes at most, until a DoFn takes them.
 * When the shard is resharded, its reader goes on with a log of each shard that takes its place.
 */
@Internal
package io.vitessbeam.vstream.follow;

import org.apache.beam.sdk.annotations.Internal;
