package io.vitessbeam.read;

import io.vitessbeam.schema.TableSchema;
import java.io.Serializable;
import java.util.List;

/** A read that has been checked against its source: what comes, and how it is cut into ranges. */
public interface PlannedRead extends Serializable {

  TableSchema schema();

  /**
   * The ranges of the read, at least one, which have every row once. Called when the pipeline runs,
   * not when it is built.
   */
  List<? extends ReadPart> plan();

  /** {@code keyspace.table}, or what stands for it where the source is a query. */
  default String name() {
    return schema().qualifiedName();
  }
}
