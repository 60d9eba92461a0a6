/**
 * Where a shard's stream stands: GTID sets, the position of a restriction with its bytes in a
 * checkpoint, and the text of {@code _cdc_lsn}, by which a destination orders changes and a later
 * run resumes.
 */
@Internal
package io.vitessbeam.vstream.position;

import org.apache.beam.sdk.annotations.Internal;
