/** Bounded reads of PostgreSQL by {@code COPY … TO STDOUT}. */
package io.vitessbeam.read.postgresql;
