/**
 * How a run that follows its tables stands, for those who watch it from the same JVM: what the
 * run's functions report, and what can be seen of it. Knows no other room.
 */
package io.vitessbeam.progress;
