/**
 * How the keys of a shard are cut into ranges: each cut is a key that the server returned, so that
 * neither the types of the key's columns nor their distribution matter.
 */
@Internal
package io.vitessbeam.read.ranges;

import org.apache.beam.sdk.annotations.Internal;
