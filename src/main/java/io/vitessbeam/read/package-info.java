/**
 * Bounded reads: a request is resolved against the server, planned into key ranges, and each range
 * is read into blocks.
 */
package io.vitessbeam.read;
