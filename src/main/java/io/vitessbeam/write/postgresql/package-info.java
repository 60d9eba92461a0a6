/**
 * PostgreSQL as a destination: blocks are staged by COPY, one transaction each, from any number of
 * processes; one transaction publishes them.
 */
package io.vitessbeam.write.postgresql;
