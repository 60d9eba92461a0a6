package io.vitessbeam.read;

import io.vitessbeam.schema.MysqlType;
import java.io.Serializable;

/** A column of the key by which a table is split into ranges. */
record KeyColumn(String name, MysqlType type) implements Serializable {}
