package io.vitessbeam.vstream.follow;

import io.vitessbeam.TransientException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of a transaction that is too large for others to wait in memory with it. The first
 * ones stay in memory, the rest goes to a temporary file. Written first, then read once. For one
 * thread.
 */
final class SpilledBlocks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpilledBlocks.class);

  private static final int BUFFER_BYTES = 1 << 16;

  private final long mostBytes;
  private final Path folder;
  private final BlockCoder coder = BlockCoder.of();
  private final Queue<Block> kept = new ArrayDeque<>();
  private long keptBytes;
  private FileChannel file;
  private OutputStream out;
  private InputStream in;
  private int spilled;

  /**
   * @param mostBytes what stays in memory
   * @param folder of the temporary file
   */
  SpilledBlocks(long mostBytes, Path folder) {
    this.mostBytes = mostBytes;
    this.folder = folder;
  }

  void add(Block block) {
    if (file == null && keptBytes + block.size() <= mostBytes) {
      kept.add(block);
      keptBytes += block.size();
      return;
    }
    try {
      if (file == null) {
        file = open();
        out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES);
      }
      coder.encode(block, out);
      spilled++;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Only the owner can read it, and nothing is left of it even when the process is killed. */
  private FileChannel open() throws IOException {
    Path path = Files.createTempFile(folder, "vitess-beam-transaction-", ".blocks");
    try {
      // On POSIX systems that takes the name away at once.
      return FileChannel.open(
          path,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** The blocks in memory, with their marks. */
  long keptBytes() {
    return keptBytes;
  }

  /** How many blocks were not taken yet. */
  int size() {
    return kept.size() + spilled;
  }

  /** Takes the next block, of which there is one; none can be added any more. */
  Block next() {
    Block block = kept.poll();
    if (block != null) {
      keptBytes -= block.size();
      return block;
    }
    try {
      if (in == null) {
        out.flush();
        file.position(0);
        in = new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES);
      }
      spilled--;
      return coder.decode(in);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private TransientException failure(IOException e) {
    return new TransientException(
        "A large transaction can't be kept in a temporary file in "
            + folder
            + ": "
            + e.getMessage()
            + ". Make room there, or choose another folder by -Djava.io.tmpdir",
        e);
  }

  @Override
  public void close() {
    kept.clear();
    keptBytes = 0;
    spilled = 0;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("A temporary file in {} could not be closed: {}", folder, e.toString());
      }
    }
  }
}
