package io.vitessbeam;

import binlogdata.Binlogdata;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A position in the changes of a keyspace: for each shard the set of the transactions before it.
 * The order of the shards means nothing to Vitess and is kept.
 *
 * @see <a href="https://vitess.io/docs/reference/vreplication/vstream/">VStream</a>
 */
public record Vgtid(String keyspace, List<ShardGtid> shards) implements Serializable {

  /**
   * The position of one shard.
   *
   * @param gtid GTID set with its flavor, {@code MySQL56/<uuid>:1-100}
   */
  public record ShardGtid(String shard, String gtid) implements Serializable {
    public ShardGtid {
      Objects.requireNonNull(shard, "shard");
      Objects.requireNonNull(gtid, "gtid");
    }
  }

  public Vgtid {
    Objects.requireNonNull(keyspace, "keyspace");
    shards = List.copyOf(shards);
    Set<String> names = new HashSet<>();
    for (ShardGtid shard : shards) {
      if (!names.add(shard.shard())) {
        throw new IllegalArgumentException("shard " + shard.shard() + " appears twice");
      }
    }
    if (shards.isEmpty()) {
      throw new IllegalArgumentException("a position needs a shard");
    }
  }

  public List<String> shardNames() {
    return shards.stream().map(ShardGtid::shard).toList();
  }

  /**
   * The GTID set of a shard.
   *
   * @throws IllegalArgumentException if the position has no such shard
   */
  public String gtid(String shard) {
    return shards.stream()
        .filter(entry -> entry.shard().equals(shard))
        .map(ShardGtid::gtid)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(this + " has no shard " + shard));
  }

  /** The same position with one shard named first. */
  public Vgtid startingWith(String shard) {
    List<ShardGtid> reordered = new ArrayList<>();
    reordered.add(new ShardGtid(shard, gtid(shard)));
    shards.stream().filter(entry -> !entry.shard().equals(shard)).forEach(reordered::add);
    return new Vgtid(keyspace, reordered);
  }

  /** Vitess's own {@code VGtid} message in base64url, without padding. */
  public String encode() {
    Binlogdata.VGtid.Builder message = Binlogdata.VGtid.newBuilder();
    for (ShardGtid shard : shards) {
      message.addShardGtids(
          Binlogdata.ShardGtid.newBuilder()
              .setKeyspace(keyspace)
              .setShard(shard.shard())
              .setGtid(shard.gtid()));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(message.build().toByteArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is nothing of that kind, or a position in the
   *     middle of a copy, from which nothing can be followed: the rest of the copy would be missing
   */
  public static Vgtid decode(String text) {
    Binlogdata.VGtid message;
    try {
      message = Binlogdata.VGtid.parseFrom(Base64.getUrlDecoder().decode(text));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no VGTID: " + e.getMessage(), e);
    }
    List<ShardGtid> shards = new ArrayList<>();
    Set<String> keyspaces = new HashSet<>();
    for (Binlogdata.ShardGtid shard : message.getShardGtidsList()) {
      requireCopied(shard);
      keyspaces.add(shard.getKeyspace());
      shards.add(new ShardGtid(shard.getShard(), shard.getGtid()));
    }
    if (keyspaces.size() != 1) {
      throw new IllegalArgumentException("a VGTID of " + keyspaces.size() + " keyspaces");
    }
    return new Vgtid(keyspaces.iterator().next(), shards);
  }

  private static void requireCopied(Binlogdata.ShardGtid shard) {
    if (shard.getTablePKsCount() > 0) {
      throw new IllegalArgumentException(
          "a VGTID in the middle of a copy: of table "
              + shard.getTablePKs(0).getTableName()
              + " on shard "
              + shard.getKeyspace()
              + "/"
              + shard.getShard()
              + " only the first rows are copied, and the rest would never come; begin with a copy,"
              + " or take a position from behind one");
    }
  }
}
