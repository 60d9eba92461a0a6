package io.vitessbeam.write;

import io.vitessbeam.SchemaNaming;
import java.io.Serializable;
import java.util.Objects;

/**
 * What was done to the rows of a block before they were staged.
 *
 * @param naming by which its columns have their names
 * @param rowsDiscarded rows that the schema contract left out
 * @param valuesDiscarded values of other rows that it left out
 * @param rowsFailed rows that went to the error handler
 */
public record StagedBlock(
    SchemaNaming naming, long rowsDiscarded, long valuesDiscarded, long rowsFailed)
    implements Serializable {

  public StagedBlock {
    Objects.requireNonNull(naming, "naming");
  }
}
