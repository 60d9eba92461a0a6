package io.vitessbeam.write.load;

/**
 * What a load is known by, in whatever copy of a DoFn and in whatever JVM.
 *
 * @param <P> the file or server, as its room knows it
 */
public interface LoadKey<P> {

  P place();

  /** By whom it is given up, together with all others of the same. */
  String owner();

  /** Stands in the names of everything that the load stages. No two attempts share it. */
  Digest digest();
}
