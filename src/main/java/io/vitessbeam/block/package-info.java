/**
 * The element that pipelines move: rows of one table in the shape in which they came over the wire.
 */
@Internal
package io.vitessbeam.block;

import org.apache.beam.sdk.annotations.Internal;
