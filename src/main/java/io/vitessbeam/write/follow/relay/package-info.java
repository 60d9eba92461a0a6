/**
 * Tables of a server that follow a source. {@code RelayedRun} stages copies and changes, as the
 * bytes they came in ({@code RawRows}), in a DuckDB file of the run's own; {@code ServerTarget}
 * brings the rows of the keys that changed there ({@code ChangedKeys}, {@code TakenRows}), the file
 * merges them by its own rules, and {@code MergedRows} go back through the server's own loads. What
 * a server has to be able to do is {@code ServerTables}.
 */
@Internal
package io.vitessbeam.write.follow.relay;

import org.apache.beam.sdk.annotations.Internal;
