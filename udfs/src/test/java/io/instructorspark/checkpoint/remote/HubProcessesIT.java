package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several at once on one machine, and one in the place of another that was killed. */
class HubProcessesIT {
  private static final String FILE = "model.safetensors";
  private static final byte[] WEIGHTS =
      "0123456789".repeat(200_000).getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private HubServer server;

  @BeforeEach
  void publish() {
    server = new HubServer();
    server.publish(
        "org/name",
        "main",
        Map.of("modules.json", "[]".getBytes(StandardCharsets.UTF_8), FILE, WEIGHTS));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Process start() throws IOException {
    return start("fetch");
  }

  private Process start(String command) throws IOException {
    Map<String, String> environment =
        Map.of("HF_ENDPOINT", server.endpoint(), "HF_HOME", temp.toString());
    return HubProcess.start(environment, command, "hf://org/name", FILE);
  }

  private HubRepository open() throws IOException {
    return HubRepository.open(
        HubLocation.parse("hf://org/name"), server.settings(temp), TransferWatch.SILENT);
  }

  private List<HubServer.Request> downloads() {
    return server.requests("GET", FILE).stream()
        .filter(request -> request.server().equals("cdn"))
        .toList();
  }

  /** Lets the first download wait until the others have described the file too. */
  private void slowDown(int readers) {
    server.plant(
        (hub, exchange, request, content) -> {
          while (request.server().equals("cdn") && hub.requests("HEAD", FILE).size() < readers) {
            try {
              Thread.sleep(5);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return false;
            }
          }
          return false;
        });
  }

  @Test
  void twoProcessesDownloadOnce() throws Exception {
    slowDown(2);
    List<Process> processes = List.of(start(), start());

    for (Process process : processes) {
      assertFetches(process);
    }
    assertThat(downloads()).hasSize(1);
  }

  @Test
  void aProcessWhereHadoopAnswersForAddressesDownloads() throws Exception {
    assertFetches(start("fetch-beside-spark"));
  }

  private static void assertFetches(Process process) throws Exception {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(said).contains("file " + FILE + " " + HubFault.sha256(WEIGHTS));
  }

  @Test
  void eightThreadsDownloadOnce() throws Exception {
    slowDown(8);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> files = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        files.add(threads.submit(() -> open().fetch(FILE)));
      }
      for (Future<Path> file : files) {
        assertThat(file.get(20, TimeUnit.SECONDS)).hasBinaryContent(WEIGHTS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(downloads()).hasSize(1);
  }

  @Test
  void theNextProcessGoesOnWhereAKilledOneWas() throws Exception {
    server.plant(HubFault.stall(1_300_000).onCdn());
    Path partial =
        temp.resolve("hub/models--org--name/blobs")
            .resolve(HubFault.sha256(WEIGHTS) + ".instructor.incomplete");
    Process process = start();
    while (process.isAlive() && (!Files.exists(partial) || Files.size(partial) < 1_300_000)) {
      Thread.sleep(10);
    }
    process.destroyForcibly().waitFor();
    assertThat(partial).hasSize(1_300_000);
    server.heal();

    assertThat(open().fetch(FILE)).hasBinaryContent(WEIGHTS);

    assertThat(downloads())
        .extracting(HubServer.Request::range)
        .containsExactly(null, "bytes=1300000-");
  }
}
