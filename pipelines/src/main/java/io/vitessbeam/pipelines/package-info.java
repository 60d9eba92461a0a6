/**
 * The programs: {@code ingest} from any supported URI to any other, on every runner. {@link
 * io.vitessbeam.pipelines.Main} reads the command line, a request says what goes where without a
 * look at any server, {@link io.vitessbeam.pipelines.Ingest} builds the pipeline of the library's
 * public transforms and runs it, and {@code report} tells what was done.
 */
package io.vitessbeam.pipelines;
