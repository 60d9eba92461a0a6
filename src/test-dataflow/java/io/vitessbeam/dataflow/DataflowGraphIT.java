package io.vitessbeam.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.dataflow.model.DataflowPackage;
import io.vitessbeam.DuckDbUri;
import io.vitessbeam.VitessRead;
import io.vitessbeam.VitessWrite;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.PackageUtil;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline of {@code ingest} translates into a Dataflow job; no account is needed for that. */
class DataflowGraphIT {

  private static final String JOB_FILE = "job.json";

  @TempDir private Path folder;

  @Test
  void aReadAndALoadMakeADataflowJob() throws IOException, SQLException {
    TestVitess vitess = TestVitess.shared();
    String table = vitess.newTable("graph");
    vitess.execute(TestVitess.SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY)");
    DataflowPipelineOptions options = options();
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Read", VitessRead.from(vitess.uri(TestVitess.SHOP)).withTable(table).blocks())
        .apply(
            "Write",
            VitessWrite.to(DuckDbUri.parse("duckdb:////tmp/x.duckdb"))
                .withTable(table)
                .withStrategy(WriteStrategy.REPLACE));

    pipeline.run();

    assertThat(Files.readString(folder.resolve(JOB_FILE)))
        .contains("\"Read/Plan ranges\"", "\"Read/Read ranges", "\"Write/");
  }

  private DataflowPipelineOptions options() {
    DataflowPipelineOptions options =
        PipelineOptionsFactory.fromArgs(
                "--project=some-project",
                "--region=europe-west1",
                "--tempLocation=gs://bucket/tmp",
                "--filesToStage=pom.xml")
            .as(DataflowPipelineOptions.class);
    options.setRunner(DataflowRunner.class);
    options.setCredentialFactoryClass(NoopCredentialFactory.class);
    options.setPathValidatorClass(NoopPathValidator.class);
    // A template is written to a file instead of being sent to the service.
    options.setTemplateLocation(folder.resolve(JOB_FILE).toString());
    options.setStagerClass(NoStager.class);
    // Given, since the runner would ask the service for them otherwise.
    options.setGcpTempLocation("gs://bucket/tmp");
    options.setStagingLocation("gs://bucket/staging");
    return options;
  }

  /** Takes files to nowhere. */
  public static final class NoStager implements Stager {

    /** Called by the runner. */
    public static NoStager fromOptions(PipelineOptions options) {
      return new NoStager();
    }

    @Override
    public List<DataflowPackage> stageFiles(List<PackageUtil.StagedFile> files) {
      return List.of();
    }

    @Override
    public DataflowPackage stageToFile(byte[] bytes, String baseName) {
      return new DataflowPackage().setName(baseName).setLocation("gs://bucket/" + baseName);
    }
  }
}
