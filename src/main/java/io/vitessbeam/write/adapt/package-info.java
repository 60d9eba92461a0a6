/**
 * What a load asks for that the rows of its source don't have: other types, other names, only the
 * columns that a table has. Blocks are made so before they are staged, so that no destination has
 * to know of it.
 */
@Internal
package io.vitessbeam.write.adapt;

import org.apache.beam.sdk.annotations.Internal;
