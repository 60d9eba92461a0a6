package io.vitessbeam.write.mysql;

import io.vitessbeam.testing.SentStatements;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Sees every statement of this thread's loads before it is sent, can let nothing pass from one on,
 * as if the JVM had died there, and can do something before one is sent.
 */
final class SqlLog implements AutoCloseable {

  /** Nothing catches it, as nothing sees a kill. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.currentThread();
  private final int last;
  private final Consumer<String> before;
  private final SentStatements sent;

  /**
   * @param last number of statements that pass
   */
  SqlLog(int last) {
    this(last, statement -> {});
  }

  /**
   * @param before is done before a statement is sent
   */
  SqlLog(Consumer<String> before) {
    this(Integer.MAX_VALUE, before);
  }

  private SqlLog(int last, Consumer<String> before) {
    this.last = last;
    this.before = before;
    this.sent = SentStatements.toServers(this::see);
  }

  private void see(String statement) {
    if (Thread.currentThread() != thread) {
      return;
    }
    if (statements.size() >= last) {
      throw new Killed();
    }
    statements.add(statement);
    before.accept(statement);
  }

  List<String> statements() {
    return statements;
  }

  @Override
  public void close() {
    sent.close();
  }
}
