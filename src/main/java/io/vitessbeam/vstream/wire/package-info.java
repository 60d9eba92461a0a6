/**
 * One VStream call: the request that opens it, its responses as bytes, the walk over their events,
 * and the judgement whether a silent stream stands still. Rows stay where they lie in a response.
 */
@Internal
package io.vitessbeam.vstream.wire;

import org.apache.beam.sdk.annotations.Internal;
