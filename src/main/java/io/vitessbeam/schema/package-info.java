/**
 * Tables, columns and keys as discovered, the type table ({@link io.vitessbeam.schema.MysqlType})
 * and the decoding of single values.
 */
package io.vitessbeam.schema;
