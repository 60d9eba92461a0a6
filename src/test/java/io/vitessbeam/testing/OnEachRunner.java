package io.vitessbeam.testing;

import com.google.common.base.Splitter;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * A test on both embedded runners. A run of Flink's takes some times as long, so {@code mvn verify}
 * runs it on the direct runner, and the profile {@code volume} on Flink; see pom.xml.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag("runners")
@ParameterizedTest
@ArgumentsSource(OnEachRunner.Chosen.class)
public @interface OnEachRunner {

  /** Those that the build names; without one all. */
  final class Chosen implements ArgumentsProvider {

    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      String named = System.getProperty("it.runners", "DIRECT,FLINK");
      return Splitter.on(',').splitToStream(named).map(EmbeddedRunner::valueOf).map(Arguments::of);
    }
  }
}
