package io.vitessbeam.write.load;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.UUID;

/**
 * The run that a function works for, as a field of that function.
 *
 * <p>A pipeline object can be run many times, so nothing that is drawn while it is built is of one
 * run. What is drawn while a pipeline works is lost when a cluster starts the job anew. Between the
 * two each runner serializes the functions, once for every run, and starts every attempt from these
 * bytes: there the id is drawn. It has to be asked for in one place of a pipeline only, as every
 * function is serialized by itself.
 */
public final class SubmittedRun implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String name;
  private transient Run run;

  /**
   * Of a function that has not been submitted yet.
   *
   * @param name the id of all runs, given by the user; empty for one of its own for each
   */
  public SubmittedRun(String name) {
    this.name = name;
  }

  /**
   * The run.
   *
   * @throws IllegalStateException where no runner has taken the function
   */
  public Run get() {
    if (run == null) {
      throw new IllegalStateException("The pipeline has not been run");
    }
    return run;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeObject(Run.beginning(name.isEmpty() ? UUID.randomUUID().toString() : name));
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    run = (Run) in.readObject();
  }
}
