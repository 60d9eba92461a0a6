/**
 * What every load has, whatever it loads into: its id, whose digest names all that it stages, the
 * leases of a JVM and how long it waits for what, and the check that what was read, what is staged
 * and what was published agree.
 */
@Internal
package io.vitessbeam.write.load;

import org.apache.beam.sdk.annotations.Internal;
