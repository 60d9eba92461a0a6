package io.vitessbeam.vstream.follow;

/** Hears what a stream waits for. Called by the threads that read. */
public interface StreamWaits {

  /** For those whom nobody watches. */
  StreamWaits UNHEARD = (shard, reason) -> {};

  /**
   * Nothing comes of a shard.
   *
   * @param reason for people, without secrets; empty when something may come again
   */
  void waits(String shard, String reason);
}
