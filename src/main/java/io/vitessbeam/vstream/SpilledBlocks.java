package io.vitessbeam.vstream;

import io.vitessbeam.TransientException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a transaction that is too large for others to wait in memory with it. The first
 * ones stay in memory, the rest goes to a temporary file. Written first, then read once. For one
 * thread.
 */
final class SpilledBlocks implements AutoCloseable {

  private final long mostBytes;
  private final BlockCoder coder = BlockCoder.of();
  private final List<Block> kept = new ArrayList<>();
  private long keptBytes;
  private Path file;
  private OutputStream out;
  private InputStream in;
  private int spilled;
  private int next;

  /**
   * @param mostBytes what stays in memory
   */
  SpilledBlocks(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  void add(Block block) {
    if (out == null && keptBytes + block.length() <= mostBytes) {
      kept.add(block);
      keptBytes += block.length();
      return;
    }
    try {
      if (out == null) {
        file = Files.createTempFile("vitess-beam-transaction-", ".blocks");
        out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
      }
      coder.encode(block, out);
      spilled++;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  int size() {
    return kept.size() + spilled;
  }

  boolean isEmpty() {
    return size() == 0;
  }

  /** The next block; to be called {@link #size()} times, after the last {@link #add}. */
  Block next() {
    if (next < kept.size()) {
      return kept.set(next++, null);
    }
    try {
      if (in == null) {
        out.close();
        in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      }
      return coder.decode(in);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private TransientException failure(IOException e) {
    return new TransientException(
        "A large transaction can't be kept in the temporary file "
            + file
            + ": "
            + e.getMessage()
            + ". Make room in the temporary folder, or choose another by -Djava.io.tmpdir",
        e);
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
      if (in != null) {
        in.close();
      }
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
