package io.vitessbeam.connect;

import java.io.Serializable;

/**
 * {@code vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991}: a keyspace to be followed.
 *
 * @param vitess the MySQL port of the vtgate, and the keyspace
 * @param grpc its gRPC port
 * @param destSchema schema of the destination's tables; empty for the default
 * @param vstreamCopy whether tables are copied by VStream instead of OLAP reads
 */
public record VitessCdcUri(
    VitessUri vitess, GrpcAddress grpc, String destSchema, boolean vstreamCopy)
    implements Serializable {}
