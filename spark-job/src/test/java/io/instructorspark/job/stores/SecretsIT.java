package io.instructorspark.job.stores;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.job.Jvms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is secret among a command's settings stays out of all that Spark prints and serves. */
class SecretsIT {
  private static final List<String> SETTINGS =
      List.of(
          "spark.hadoop.fs.s3a.secret.key",
          "spark.hadoop.fs.s3a.access.key",
          "spark.hadoop.fs.s3a.session.token",
          "spark.hadoop.fs.s3a.encryption.key",
          "spark.hadoop.fs.azure.account.key.x.dfs.core.windows.net",
          "spark.hadoop.fs.azure.sas.box.x.blob.core.windows.net",
          "spark.hadoop.fs.azure.account.oauth2.client.secret",
          "spark.hadoop.fs.gs.auth.service.account.private.key",
          "spark.executorEnv.HF_TOKEN");

  @TempDir private Path folder;

  @Test
  void areNotShown() throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("--verbose", "--master", "local[1]", "--conf", "spark.ui.enabled=true"));
    arguments.addAll(List.of("--conf", "spark.ui.port=0", "--conf", "spark.hadoop.plain=shown"));
    for (String setting : SETTINGS) {
      arguments.addAll(List.of("--conf", setting + "=hush"));
    }
    Path log = folder.resolve("log");
    Process process =
        Jvms.start(
            log,
            "512m",
            Map.of("HF_TOKEN", "hush", "SPARK_LOCAL_IP", "127.0.0.1"),
            ShowingJvm.class,
            arguments.toArray(String[]::new));
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    String shown = Files.readString(log);
    assertThat(ended).as(shown).isTrue();
    assertThat(process.exitValue()).as(shown).isZero();
    assertThat(shown)
        .contains("rows: 2", "== Optimized Logical Plan ==", "page /environment/: 200")
        .contains("spark.hadoop.plain", "shown")
        .contains(SETTINGS)
        .containsPattern("page /api/v1/applications/\\S+/environment: 200")
        .containsPattern("page /api/v1/applications/\\S+/sql\\S+ 200");
    assertThat(shown.lines().filter(line -> line.contains("hush"))).isEmpty();
  }
}
