/**
 * Bounded reads: a request is resolved against the server, planned into key ranges, and each range
 * is read into blocks.
 */
@Internal
package io.vitessbeam.read;

import org.apache.beam.sdk.annotations.Internal;
