/** Values as blocks hold them, turned into PostgreSQL's binary COPY format. */
@Internal
package io.vitessbeam.write.postgresql.copy;

import org.apache.beam.sdk.annotations.Internal;
