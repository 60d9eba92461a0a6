/** What the programs know of Flink: its configuration, and jobs on a cluster. */
package io.vitessbeam.pipelines.flink;
