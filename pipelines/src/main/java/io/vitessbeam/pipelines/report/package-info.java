/** What a user sees of a run: its progress while it runs, and its summary at the end. */
package io.vitessbeam.pipelines.report;
