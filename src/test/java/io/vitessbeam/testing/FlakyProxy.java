package io.vitessbeam.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A TCP proxy in front of a server that misbehaves as told: each connection takes the next
 * behaviour of a list, and is passed through when the list is empty.
 */
public final class FlakyProxy implements AutoCloseable {

  /** Bytes from the server after which a connection is cut; see {@link #refuse}. */
  private static final int REFUSED = -1;

  private static final long LONGEST_ACTION_MILLIS = 2_000;

  private final ServerSocket listener;
  private final Thread acceptor;
  private final String host;
  private final int port;
  private final Deque<Integer> cuts = new ConcurrentLinkedDeque<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicReference<Runnable> action = new AtomicReference<>();
  private volatile long onceAfter = Long.MAX_VALUE;

  public FlakyProxy(String host, int port) throws IOException {
    this(host, port, 0);
  }

  /**
   * In the place of one that was closed.
   *
   * @param own port at which it listens; 0 for any
   */
  public FlakyProxy(String host, int port, int own) throws IOException {
    this.host = host;
    this.port = port;
    this.listener = new ServerSocket(own, 50, InetAddress.getLoopbackAddress());
    this.acceptor = start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Connections that were made. */
  public int connections() {
    return connections.get();
  }

  /** Connections that were cut or refused. */
  public int broken() {
    return broken.get();
  }

  /** The next connection that isn't spoken for is cut after this many bytes from the server. */
  public FlakyProxy cutAfter(int bytes) {
    cuts.add(bytes);
    return this;
  }

  public FlakyProxy refuse() {
    cuts.add(REFUSED);
    return this;
  }

  /**
   * Does something once, when a connection has got so many bytes from the server. That one waits
   * for it, but not for ever: what is done may itself wait until the server is rid of its answer.
   */
  public FlakyProxy onceAfter(int bytes, Runnable action) {
    onceAfter = bytes;
    this.action.set(action);
    return this;
  }

  private void act() {
    Runnable now = action.getAndSet(null);
    if (now == null) {
      return;
    }
    try {
      start(now).join(LONGEST_ACTION_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket client = listener.accept();
        if (listener.isClosed()) {
          client.close();
          return;
        }
        sockets.add(client);
        connections.incrementAndGet();
        Integer cut = cuts.poll();
        if (cut != null && cut == REFUSED) {
          broken.incrementAndGet();
          client.close();
        } else {
          connect(client, cut == null ? Long.MAX_VALUE : cut);
        }
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void connect(Socket client, long cut) throws IOException {
    Socket server = new Socket(host, port);
    sockets.add(server);
    Thread unused = start(() -> pass(client, server, Long.MAX_VALUE, Long.MAX_VALUE));
    Thread unusedToo = start(() -> pass(server, client, cut, onceAfter));
  }

  private void pass(Socket from, Socket to, long most, long actAfter) {
    byte[] buffer = new byte[16 << 10];
    long left = most;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return;
        }
        if (most - left < actAfter && most - left + read >= actAfter) {
          act();
        }
        out.write(buffer, 0, read);
        left -= read;
      }
      broken.incrementAndGet();
    } catch (IOException e) {
      // One of the two went away, and the other goes with it.
    }
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** When it returns, nothing listens any more: a thread in accept keeps the port for a moment. */
  @Override
  public void close() throws IOException {
    listener.close();
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
