package io.vitessbeam.pipelines;

import io.vitessbeam.pipelines.report.RunResult;
import io.vitessbeam.pipelines.report.Summary;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;

/** One run, read from the options: what goes where. Made without a look at any server. */
public sealed interface IngestRequest permits LoadRequest, SyncRequest {

  /**
   * Reads the options.
   *
   * @throws UsageException if the options are incomplete, contradictory or malformed
   */
  static IngestRequest of(IngestOptions options) {
    Wanted wanted = new Wanted(options);
    String source = wanted.sourceUri();
    Schemes.destination(wanted.destUri());
    return switch (Schemes.source(source)) {
      case LOAD -> LoadRequest.of(wanted);
      case SYNC -> SyncRequest.of(wanted);
    };
  }

  /** What is read, for people. */
  String sourceName();

  /** Where it is written, for people; never with a password. */
  String destinationName();

  /** What the user typed that has no effect. */
  List<String> warnings();

  /**
   * Builds the run.
   *
   * @throws io.vitessbeam.VitessBeamException for what can be found out before it starts
   */
  void addTo(Pipeline pipeline, String runId);

  /**
   * The same without tables that can't go on for now.
   *
   * @param reasons by name in the source
   */
  default IngestRequest holding(Map<String, String> reasons) {
    return this;
  }

  /** Whether a run of it goes on until it is told to {@link #stop}. */
  default boolean isStream() {
    return false;
  }

  /**
   * Tells a run of this JVM that has no end to apply what has come, and to end.
   *
   * @return whether it does; a run that is still copying, or is elsewhere, does not
   */
  default boolean stop(String runId) {
    return false;
  }

  /** Drops what a failed run has staged from this JVM. */
  void abort(String runId);

  /** What a run of it did. */
  Summary summary(RunResult result);
}
