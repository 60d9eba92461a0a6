/**
 * Decodes blocks straight into Arrow column vectors, one class per shape of vector. Values are
 * never objects on the way.
 */
@Internal
package io.vitessbeam.write.arrow;

import org.apache.beam.sdk.annotations.Internal;
