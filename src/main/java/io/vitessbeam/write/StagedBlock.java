package io.vitessbeam.write;

import io.vitessbeam.SchemaNaming;
import java.io.Serializable;
import java.util.Objects;

/**
 * What was done to the rows of a block before they were staged.
 *
 * @param naming by which its columns have their names
 */
public record StagedBlock(SchemaNaming naming) implements Serializable {

  public StagedBlock {
    Objects.requireNonNull(naming, "naming");
  }
}
