/**
 * Decodes blocks straight into Arrow column vectors, one class per shape of vector. Values are
 * never objects on the way.
 */
package io.vitessbeam.write.arrow;
