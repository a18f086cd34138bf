package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.job.command.GeneralOptions;
import io.instructorspark.job.command.Sessions;
import io.instructorspark.spark.CheckpointAccess;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which checkpoint a command is about, and by which settings it is reached. */
final class ModelLocation {
  @Parameters(
      paramLabel = "URI",
      description =
          "a folder in the Hugging Face layout, a URI that Hadoop reads (hdfs:, s3a:, ...), hf://org/name[@revision] or builtin:NAME; what is not on this machine is copied to its cache first")
  private String uri;

  @Mixin private GeneralOptions general;

  /** As it was given. */
  String uri() {
    return uri;
  }

  GeneralOptions general() {
    return general;
  }

  SparkConf conf() {
    return Sessions.conf(general);
  }

  /** Opens it; what is not on this machine is copied. */
  Checkpoint open() {
    return Checkpoint.open(uri, CheckpointAccess.of(conf()));
  }
}
