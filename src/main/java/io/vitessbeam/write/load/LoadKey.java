package io.vitessbeam.write.load;

/**
 * What a load is known by, in whatever copy of a DoFn and in whatever JVM.
 *
 * @param <P> the file or server, as its room knows it
 */
public interface LoadKey<P> {

  P place();

  /** The same at every retry within a run, and never again in another one. */
  String runId();

  /** Stands in the names of everything that the load stages. */
  Digest digest();
}
