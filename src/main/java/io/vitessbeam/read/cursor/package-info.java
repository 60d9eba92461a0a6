/**
 * One range from its statement to blocks: the rows of a streaming statement stay in the packets in
 * which they came, a break is resumed behind the last key that was given out; sources that can't
 * resume give their rows undivided.
 */
@Internal
package io.vitessbeam.read.cursor;

import org.apache.beam.sdk.annotations.Internal;
