/**
 * Where a vtgate is and how to talk to its MySQL port and its gRPC port: URIs, TLS, sessions,
 * channels, shards, and what its errors mean. Knows nothing of tables.
 */
package io.vitessbeam.connect;
