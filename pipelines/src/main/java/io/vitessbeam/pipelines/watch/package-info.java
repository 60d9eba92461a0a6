/**
 * What {@code --metrics-addr} serves while a run goes on: a page for people, what it is made of as
 * JSON, metrics for Prometheus, and whether the run is healthy.
 */
package io.vitessbeam.pipelines.watch;
