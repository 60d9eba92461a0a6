package io.vitessbeam.pipelines.report;

import java.util.StringJoiner;

/**
 * A job that was left to a Flink cluster.
 *
 * @param source what it reads, for people
 * @param address of the cluster's REST API, as a URL
 * @param streaming whether it never ends by itself
 */
public record Submitted(String source, String job, String address, boolean streaming)
    implements Summary {

  /** With commands that need nothing of Flink's. */
  @Override
  public String toString() {
    String url = address + "/jobs/" + job;
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add("%s: job %s runs on %s".formatted(source, job, address));
    lines.add("  look    %s/#/job/running/%s/overview".formatted(address, job));
    lines.add("  state   curl " + url);
    lines.add("  cancel  curl -X PATCH " + url);
    if (streaming) {
      lines.add("  stop, with a savepoint to start from");
      lines.add("          curl -H 'Content-Type: application/json' -d '{}' " + url + "/stop");
    }
    return lines.toString();
  }
}
