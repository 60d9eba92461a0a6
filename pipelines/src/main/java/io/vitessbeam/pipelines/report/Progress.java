package io.vitessbeam.pipelines.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How far a run is. */
public sealed interface Progress permits ClusterProgress, LoadProgress, FollowingProgress {

  /** For people. */
  String line();

  /** For programs: the fields of an event. */
  void addTo(ObjectNode event);
}
