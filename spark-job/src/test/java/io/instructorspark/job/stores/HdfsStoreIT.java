package io.instructorspark.job.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.instructorspark.job.CommandRun;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints in HDFS, which belongs to another user than the one who embeds. */
class HdfsStoreIT {
  @TempDir private static Path clusterFolder;
  private static MiniDFSCluster cluster;
  private static String root;
  private static Configuration conf;

  @TempDir private Path folder;
  private StoredModels models;

  @BeforeAll
  static void fill() throws Exception {
    UserGroupInformation.createRemoteUser("hdfs")
        .doAs(
            (PrivilegedExceptionAction<Void>)
                () -> {
                  Configuration settings = new Configuration();
                  settings.set(
                      MiniDFSCluster.HDFS_MINIDFS_BASEDIR, clusterFolder.resolve("dfs").toString());
                  cluster = new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
                  conf = cluster.getConfiguration(0);
                  root = cluster.getFileSystem().getUri().toString();
                  StoredModels.upload(StoredModels.TINY_BASE, root + "/models/tiny-base", conf);
                  StoredModels.upload(StoredModels.TINY_BASE, root + "/locked/tiny-base", conf);
                  FileSystem files = cluster.getFileSystem();
                  files.mkdirs(hdfs("/open"));
                  files.setPermission(hdfs("/open"), new FsPermission("777"));
                  files.setPermission(hdfs("/locked"), new FsPermission("700"));
                  return null;
                });
  }

  @AfterAll
  static void stop() throws IOException {
    FileSystem.closeAll();
    cluster.shutdown(true);
  }

  @BeforeEach
  void use() {
    models = new StoredModels(folder, Map.of("ipc.client.connect.max.retries", "0"));
  }

  private static org.apache.hadoop.fs.Path hdfs(String path) {
    return new org.apache.hadoop.fs.Path(root + path);
  }

  /** By this JVM, over all threads. */
  private static long bytesRead() {
    return FileSystem.getGlobalStorageStatistics().get("hdfs").getLong("bytesRead");
  }

  @Test
  void takeACopyOfAModelAndGiveItBackAsItWas() throws Exception {
    models.requireThatACopyIsTakenAndGivenBack(root + "/open/fetched");
  }

  @Test
  void takeRunsThatGoOn() throws Exception {
    StoredRuns.requireThatTheyGoOn(root + "/open/vectors", Map.of());
  }

  @Test
  void giveTheVectorsOfTheSameFolderAndAreReadOnce() throws Exception {
    CommandRun first = models.embed(root + "/models/tiny-base");
    assertThat(first.status()).as(first.err()).isZero();
    List<JsonNode> stored = models.vectors();

    long before = bytesRead();
    assertThat(before).isPositive();
    CommandRun again = models.embed(root + "/models/tiny-base");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(models.vectors()).isEqualTo(stored);
    assertThat(bytesRead()).as("the cache has them").isEqualTo(before);
    assertThat(models.copies()).hasSize(1);
    assertThat(models.incoming()).isEmpty();

    CommandRun local = models.embed(StoredModels.TINY_BASE.toString());
    assertThat(local.status()).as(local.err()).isZero();
    assertThat(stored).hasSize(2).isEqualTo(models.vectors());
  }

  @Test
  void areCopiedAgainOnceAFileWasReplaced() throws Exception {
    String model = root + "/open/changing";
    StoredModels.upload(StoredModels.TINY_BASE, model, conf);
    assertThat(models.embed(model).status()).isZero();
    long before = bytesRead();
    StoredModels.put(
        " {\"word_embedding_dimension\": 768, \"pooling_mode_mean_tokens\": true}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        model + "/1_Pooling/config.json",
        conf);
    CommandRun run = models.embed(model);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(bytesRead()).isGreaterThan(before + 100_000);
    assertThat(models.copies()).hasSize(2);
  }

  @Test
  void mayBeDeletedOnceTheDriverHasSeenThem() throws Exception {
    String model = root + "/open/deleted";
    StoredModels.upload(StoredModels.TINY_BASE, model, conf);
    try (SparkSession session = CommandRun.look()) {
      session.conf().set("spark.instructor.cacheDirectory", models.cache().toString());
      Dataset<Row> texts =
          session.createDataset(List.of("a kettle", "a goose"), Encoders.STRING()).toDF("text");
      Dataset<Row> embedded =
          new InstructorEmbedder()
              .setModel(model)
              .setInputCol("text")
              .setOutputCol("v")
              .transform(texts);
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(model);
      assertThat(path.getFileSystem(conf).delete(path, true)).isTrue();
      assertThat(embedded.collectAsList()).hasSize(2).noneMatch(row -> row.isNullAt(1));
    }
    assertThat(models.embed(model).err()).contains("modules.json");
  }

  @Nested
  class OutOfReach {
    @Test
    void byPermissionSayWhoMayNot() throws IOException {
      CommandRun run = models.embed(root + "/locked/tiny-base");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .startsWith("instructor: ")
          .contains(root + "/locked/tiny-base")
          .contains("Permission denied: user=" + System.getProperty("user.name"))
          .doesNotContain("\tat ")
          .hasLineCount(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://nowhere.invalid:8020", "hdfs://127.0.0.1:9"})
    void byAddressNameIt(String address) throws IOException {
      CommandRun run = models.embed(address + "/models/tiny-base");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(address + "/models/tiny-base").hasLineCount(2);
    }

    @Test
    void byPathNameTheFirstFileThatIsMissing() throws IOException {
      CommandRun run = models.embed(root + "/models/none");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(root + "/models/none").contains("modules.json");
    }
  }
}
