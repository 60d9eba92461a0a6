/**
 * A run without an end: what its streams give out ({@link io.vitessbeam.vstream.StreamedChanges})
 * waits in the runner's state ({@link io.vitessbeam.write.stream.FlushChangesFn}) until it is time,
 * then all of it goes the way of a bounded run's changes in one go ({@link
 * io.vitessbeam.write.stream.ChangeFlush}): it is staged, merged and published with the position
 * behind it. Where the destination stands is what a run begins with; what a runner restores is only
 * faster.
 */
@Internal
package io.vitessbeam.write.stream;

import org.apache.beam.sdk.annotations.Internal;
