/**
 * The transforms for Apache Beam pipelines, and the values, options and errors that their users
 * meet: bounded reads ({@link io.vitessbeam.VitessRead}, {@link io.vitessbeam.MysqlRead}, {@link
 * io.vitessbeam.PostgresqlRead}, {@link io.vitessbeam.DuckDbRead}), changes ({@link
 * io.vitessbeam.VStreamRead}), loads ({@link io.vitessbeam.VitessWrite}) and runs that follow
 * tables into a destination ({@link io.vitessbeam.VitessSync}). Packages below are marked {@link
 * org.apache.beam.sdk.annotations.Internal} where they are not for users.
 */
package io.vitessbeam;
