/**
 * Where a vtgate is and how to talk to its MySQL port: URIs, TLS, sessions, shards, and what its
 * errors mean. Knows nothing of tables.
 */
package io.vitessbeam.connect;
