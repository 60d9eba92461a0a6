package io.vitessbeam.write.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a copy of a function has begun stays until all copies that may go on with it have ended. */
class FunctionCopiesTest {

  private final FunctionCopies workers = new FunctionCopies();
  private final List<String> returned = new ArrayList<>();

  @Test
  void theLastWorkerOfAnOwnerGivesBackWhatAllOfThemHave() {
    workers.enter("a");
    workers.enter("a");
    workers.enter("b");

    workers.leave("a", () -> returned.add("first of a"));
    assertThat(returned).isEmpty();
    workers.leave("b", () -> returned.add("of b"));
    assertThat(returned).containsExactly("of b");
    workers.leave("a", () -> returned.add("last of a"));
    assertThat(returned).containsExactly("of b", "first of a", "last of a");
  }

  @Test
  void anOwnerWhoseWorkersHaveEndedBeginsAnew() {
    workers.enter("a");
    workers.leave("a", () -> returned.add("once"));
    workers.enter("a");
    workers.leave("a", () -> returned.add("again"));

    assertThat(returned).containsExactly("once", "again");
  }
}
