package io.instructorspark.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorJarsTest {
  @TempDir private Path folder;
  private Path spark;
  private Path ours;
  private Path engine;

  @BeforeEach
  void place() throws IOException {
    spark = Files.createDirectories(folder.resolve("spark/jars"));
    ours = Files.createFile(folder.resolve("job with a space.jar"));
    engine = Files.createFile(folder.resolve("engine.jar"));
  }

  private ExecutorJars jars() throws IOException {
    Path core = Files.createFile(spark.resolve("spark-core.jar"));
    return ExecutorJars.of(
        String.join(
            File.pathSeparator,
            ours.toString(),
            engine.toString(),
            core.toString(),
            folder.toString(),
            folder.resolve("missing.jar").toString()),
        spark);
  }

  @Test
  void areAllOnTheClassPathButSparksOwn() throws IOException {
    assertThat(jars().jars()).containsExactly(ours, engine);
  }

  @Test
  void comeBehindThoseThatTheUserNames() throws IOException {
    SparkConf conf = new SparkConf(false).set("spark.jars", "s3a://bucket/theirs.jar");
    jars().addTo(conf);
    assertThat(conf.get("spark.jars"))
        .isEqualTo("s3a://bucket/theirs.jar," + ours.toUri() + "," + engine.toUri());
  }

  @Test
  void areNotNamedTwice() throws IOException {
    SparkConf conf = new SparkConf(false).set("spark.jars", engine.toUri().toString());
    jars().addTo(conf);
    assertThat(conf.get("spark.jars")).isEqualTo(engine.toUri() + "," + ours.toUri());
  }

  @Test
  void leaveTheSettingsAloneWhereThereAreNone() {
    SparkConf conf = new SparkConf(false);
    new ExecutorJars(List.of()).addTo(conf);
    assertThat(conf.contains("spark.jars")).isFalse();
  }
}
