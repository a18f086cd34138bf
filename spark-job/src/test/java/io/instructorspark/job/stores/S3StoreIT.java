package io.instructorspark.job.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints in an object store, over Hadoop's {@code s3a:}. */
class S3StoreIT {
  private static final String MODEL = "s3a://shelf/models/tiny-base";

  @TempDir private static Path serverFolder;
  private static S3Server server;

  @TempDir private Path folder;
  private StoredModels models;

  @BeforeAll
  static void fill() throws Exception {
    server = S3Server.start(serverFolder);
    Files.createDirectories(serverFolder.resolve("s3-data/shelf"));
    StoredModels.upload(StoredModels.TINY_BASE, MODEL, server.configuration());
    FileSystem.closeAll();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void use() {
    models = new StoredModels(folder, server.settings());
  }

  private static long weightReads() throws IOException {
    return server.reads().stream().filter(path -> path.endsWith("/model.safetensors")).count();
  }

  @Test
  void takeRunsThatGoOn() throws Exception {
    StoredRuns.requireThatTheyGoOn("s3a://shelf/vectors", server.settings());
  }

  @Test
  void takeACopyOfAModelAndGiveItBackAsItWas() throws Exception {
    models.requireThatACopyIsTakenAndGivenBack("s3a://shelf/models/fetched");
  }

  @Test
  void giveTheVectorsOfTheSameFolderAndAreReadOnce() throws Exception {
    long before = weightReads();
    Path record = folder.resolve("record.json");
    String log = models.embedInAProcess(MODEL, "--verbose", "--run-record", record.toString());
    assertThat(log).contains("INFO", "s3a-file-system").doesNotContain(S3Server.SECRET);
    assertThat(record)
        .content()
        .contains("spark.hadoop.fs.s3a.secret.key=***")
        .doesNotContain(S3Server.SECRET);
    List<JsonNode> stored = models.vectors();
    assertThat(weightReads() - before).as("encoder and projection").isEqualTo(2);

    CommandRun again = models.embed(MODEL);
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(models.vectors()).isEqualTo(stored);
    assertThat(weightReads() - before).as("the cache has them").isEqualTo(2);
    assertThat(models.copies()).hasSize(1);
    assertThat(models.incoming()).isEmpty();

    CommandRun local = models.embed(StoredModels.TINY_BASE.toString());
    assertThat(local.status()).as(local.err()).isZero();
    assertThat(stored).hasSize(2).isEqualTo(models.vectors());
  }

  @Test
  void areCopiedAgainOnceAnObjectChanged() throws Exception {
    String model = "s3a://shelf/models/changing";
    Configuration conf = server.configuration();
    StoredModels.upload(StoredModels.TINY_BASE, model, conf);
    assertThat(models.embed(model).status()).isZero();
    long before = weightReads();
    String config = Files.readString(StoredModels.TINY_BASE.resolve("config.json"));
    String other = config.replaceFirst("\n", " "); // of the same length
    StoredModels.put(other.getBytes(StandardCharsets.UTF_8), model + "/config.json", conf);
    CommandRun run = models.embed(model);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(weightReads() - before).isEqualTo(2);
    assertThat(models.copies()).hasSize(2);
  }

  @Nested
  class OutOfReach {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "a wrong secret | s3a://shelf/models/tiny-base | fs.s3a.secret.key=wrong-hush | 403",
          "an unknown user | s3a://shelf/models/tiny-base | fs.s3a.access.key=nobody | 403",
          "no such bucket | s3a://nowhere/models/tiny-base | fs.s3a.retry.limit=1 | nowhere",
          "no such key | s3a://shelf/models/missing | fs.s3a.retry.limit=1 | modules.json",
          "no such host | s3a://shelf/models/tiny-base |"
              + " fs.s3a.endpoint=http://nowhere.invalid:9 | nowhere.invalid",
          "nobody listens | s3a://shelf/models/tiny-base |"
              + " fs.s3a.endpoint=http://127.0.0.1:9 | refused",
          "no library | gs://shelf/models/tiny-base | fs.s3a.retry.limit=1 | class path"
        })
    void areAnErrorOfOneParagraph(String what, String model, String setting, String reason)
        throws IOException {
      CommandRun run = models.embed(model, "--conf", "spark.hadoop." + setting);
      assertThat(run.status()).as(what).isEqualTo(1);
      assertThat(run.err())
          .as(what)
          .startsWith("instructor: ")
          .contains(model)
          .contains(reason)
          .doesNotContain(S3Server.SECRET, "wrong-hush", "\tat ")
          .hasSizeLessThan(1_000);
      assertThat(run.err().lines()).as(what).hasSize(2);
    }

    @Test
    void areToldWithoutSecretsWhenMoreIsAskedFor() throws IOException {
      CommandRun run =
          models.embed(MODEL, "--verbose", "--conf", "spark.hadoop.fs.s3a.secret.key=wrong-hush");
      assertThat(run.err()).contains("\tat ").doesNotContain(S3Server.SECRET, "wrong-hush");
    }
  }
}
