package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.util.UserCodeException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void ourOwnExplanationIsAllThatIsSaid() {
    Throwable failure = new DataException("row 3 of shop.t\n  is bad", new IOException("deep"));
    Throwable wrapped = new PipelineExecutionException(UserCodeException.wrap(failure));
    assertThat(Failures.describe(new RuntimeException("Flink", wrapped)))
        .isEqualTo("row 3 of shop.t is bad");
  }

  @Test
  void theFirstOfOursCounts() {
    Throwable failure = new ConfigurationException("outer", new ConfigurationException("inner"));
    assertThat(Failures.describe(new RuntimeException(failure))).isEqualTo("outer");
  }

  @Test
  void otherwiseTheRootCauseWithItsClass() {
    Throwable failure = new RuntimeException("x", new IllegalStateException("deep"));
    assertThat(Failures.describe(failure)).isEqualTo("IllegalStateException: deep");
    assertThat(Failures.describe(new NullPointerException())).isEqualTo("NullPointerException");
  }

  @Test
  void causesMayRunInACircle() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);
    assertThat(Failures.describe(a)).isEqualTo("Exception: b");
  }

  @Test
  void printsOneLine() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Failures.print(
        new ConfigurationException("bad"), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("ingest: bad" + System.lineSeparator());
  }
}
