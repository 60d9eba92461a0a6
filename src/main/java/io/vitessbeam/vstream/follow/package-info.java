/**
 * One shard's stream from its call to blocks: a thread of {@link
 * io.vitessbeam.vstream.follow.ShardReader} takes the responses and opens the stream again when it
 * breaks, {@link io.vitessbeam.vstream.follow.Transactions} makes whole transactions of the events
 * (those that are too large for memory go to a file), and the blocks wait, by some megabytes at
 * most, until a DoFn takes them.
 */
@Internal
package io.vitessbeam.vstream.follow;

import org.apache.beam.sdk.annotations.Internal;
