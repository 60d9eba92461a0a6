/**
 * Brings blocks into a destination: ranges are staged beside the target table, and when all of them
 * have come and the counts agree, one transaction puts them in its place.
 */
@Internal
package io.vitessbeam.write;

import org.apache.beam.sdk.annotations.Internal;
