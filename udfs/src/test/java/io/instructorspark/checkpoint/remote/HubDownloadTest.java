package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubDownloadTest {
  private static final String FILE = "model.safetensors";
  private static final byte[] WEIGHTS =
      "0123456789".repeat(100_000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONFIG = "{\"d_model\": 8}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private HubServer server;
  private HubRepository repository;

  @BeforeEach
  void publish() throws IOException {
    server = new HubServer();
    server.publish(
        "org/name", "main", Map.of("modules.json", CONFIG, "config.json", CONFIG, FILE, WEIGHTS));
    repository = open();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HubRepository open() throws IOException {
    return HubRepository.open(
        HubLocation.parse("hf://org/name"), server.settings(temp), TransferWatch.SILENT);
  }

  private Path blobs() {
    return temp.resolve("hub/models--org--name/blobs");
  }

  private Path partial() {
    return blobs().resolve(HubFault.sha256(WEIGHTS) + ".instructor.incomplete");
  }

  private void leavePartial(byte[] bytes) throws IOException {
    Files.createDirectories(blobs());
    Files.write(partial(), bytes);
  }

  private List<String> rangesOfTheCdn() {
    return server.requests("GET", FILE).stream()
        .filter(request -> request.server().equals("cdn"))
        .map(HubServer.Request::range)
        .toList();
  }

  @Nested
  class GoesOn {
    @Test
    void whereTheConnectionBroke() throws IOException {
      server.plant(HubFault.cut(300_000).times(2).onCdn());

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(rangesOfTheCdn()).containsExactly(null, "bytes=300000-", "bytes=600000-");
      assertThat(partial()).doesNotExist();
    }

    @Test
    void whereTheServerFellSilent() throws IOException {
      server.plant(HubFault.stall(250_000).times(1).onCdn());
      server.hurry();

      assertThat(open().fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(rangesOfTheCdn()).containsExactly(null, "bytes=250000-");
    }

    @Test
    void whereAnotherProcessEnded() throws IOException {
      leavePartial(Arrays.copyOf(WEIGHTS, 777_777));

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(rangesOfTheCdn()).containsExactly("bytes=777777-");
      assertThat(repository.sha256(FILE)).contains(HubFault.sha256(WEIGHTS));
    }

    @Test
    void withoutARequestIfOnlyTheNameIsMissing() throws IOException {
      leavePartial(WEIGHTS);

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(rangesOfTheCdn()).isEmpty();
    }

    @Test
    void fromTheBeginningIfTheServerSendsNoParts() throws IOException {
      leavePartial(Arrays.copyOf(WEIGHTS, 500_000));
      server.plant(HubFault.body(WEIGHTS).onCdn());

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void notForEverIfTheServerSendsNoPartsAndNeverAll() throws IOException {
      byte[] large = new byte[4 << 20];
      server.publish("org/name", "main", Map.of("modules.json", CONFIG, FILE, large));
      AtomicInteger attempts = new AtomicInteger();
      HubFault cut =
          (hub, exchange, request, content) -> {
            int attempt = attempts.incrementAndGet();
            if (attempt > 20) {
              return false;
            }
            exchange.sendResponseHeaders(200, large.length);
            exchange.getResponseBody().write(large, 0, attempt % 2 == 0 ? 3 << 20 : 1 << 20);
            exchange.getResponseBody().flush();
            return true;
          };
      server.plant(cut.onCdn());

      assertThatThrownBy(() -> open().fetch(FILE))
          .isInstanceOf(HubException.class)
          .hasMessageContaining(FILE);
      assertThat(attempts).hasValue(6);
    }

    @Test
    void fromTheBeginningIfWhatWasLeftIsDamaged() throws IOException {
      leavePartial(new byte[500_000]);

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(rangesOfTheCdn()).containsExactly("bytes=500000-", null);
    }

    @Test
    void fromTheBeginningIfWhatWasLeftIsTooLong() throws IOException {
      leavePartial(new byte[WEIGHTS.length + 1]);

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503, 504})
    void afterTheServerWasBusy(int status) throws IOException {
      server.plant(HubFault.status(status, "Retry-After", "86400").times(3).onCdn());

      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(rangesOfTheCdn()).hasSize(4);
    }
  }

  @Nested
  class GivesUp {
    @Test
    void afterFiveAttemptsAndKeepsWhatCame() throws IOException {
      server.plant(HubFault.cut(1000).onCdn());

      assertThatThrownBy(() -> repository.fetch(FILE))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("5000 of 1000000 bytes of model.safetensors of hf://org/name@")
          .hasMessageContaining("run again to go on from there");

      assertThat(rangesOfTheCdn()).hasSize(5);
      assertThat(partial()).hasSize(5000);
      server.heal();
      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void onAServerThatStaysSilent() {
      server.plant(HubFault.silence().on("HEAD", FILE));
      server.hurry();

      assertThatThrownBy(() -> open().fetch(FILE))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("was silent for 0.4 s, asked for model.safetensors of hf://")
          .hasMessageContaining("HF_HUB_ETAG_TIMEOUT");
    }

    @Test
    void whenInterrupted() throws Exception {
      server.plant(HubFault.stall(100_000).onCdn());
      HubRepository patient =
          HubRepository.open(
              HubLocation.parse("hf://org/name"),
              server.settings(temp).with(HubTimes.DEFAULT.withTransfer(Duration.ofSeconds(60))),
              TransferWatch.SILENT);
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      Thread task =
          new Thread(
              () -> {
                try {
                  outcome.complete(new AssertionError(patient.fetch(FILE).toString()));
                } catch (IOException | RuntimeException e) {
                  outcome.complete(e);
                }
              });
      task.start();
      while (!Files.exists(partial()) || Files.size(partial()) < 100_000) {
        Thread.sleep(10);
      }

      task.interrupt();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
      assertThat(partial()).hasSize(100_000);
      server.heal();
      assertThat(repository.fetch(FILE)).hasBinaryContent(WEIGHTS);
    }
  }

  @Nested
  class Refuses {
    private void refusesAndKeepsNothing(String path, String... reasons) {
      assertThatThrownBy(() -> repository.fetch(path))
          .isInstanceOf(HubException.class)
          .hasMessageContaining(path + " of hf://org/name@")
          .hasMessageContainingAll(reasons);
      assertThat(blobs()).isEmptyDirectory();
      assertThat(temp.resolve("hub/models--org--name/snapshots").resolve(repository.commit()))
          .doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {999_999, 1_000_001})
    void anotherLengthThanAnnounced(int length) {
      server.plant(HubFault.body(new byte[length]).onCdn());

      refusesAndKeepsNothing(FILE, "the hub announced 1000000 bytes", "sends " + length);
    }

    @Test
    void moreBytesThanAnnounced() {
      server.plant(HubFault.chunked(new byte[1_500_000]).onCdn());

      refusesAndKeepsNothing(FILE, "the hub announced 1000000 bytes", "sends more");
    }

    @Test
    void fewerBytesThanAnnounced() {
      server.plant(HubFault.chunked(new byte[900_000]).onCdn());

      assertThatThrownBy(() -> repository.fetch(FILE))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("900000 of 1000000 bytes of model.safetensors");
      assertThat(blobs().resolve(HubFault.sha256(WEIGHTS))).doesNotExist();
    }

    @Test
    void weightsOfAnotherDigest() {
      byte[] other = WEIGHTS.clone();
      other[500_000]++;
      server.plant(HubFault.body(other).onCdn());

      refusesAndKeepsNothing(
          FILE,
          "came damaged",
          "its digest is " + HubFault.sha256(other),
          "expected " + HubFault.sha256(WEIGHTS));
    }

    @Test
    void smallFilesOfAnotherDigest() {
      byte[] other = CONFIG.clone();
      other[3]++;
      server.plant(HubFault.body(other).on("GET", "/config.json"));

      refusesAndKeepsNothing(
          "config.json",
          "its digest is " + HubFault.gitBlob(other),
          "expected " + HubFault.gitBlob(CONFIG));
    }

    @Test
    void anotherPartThanWasAskedFor() throws IOException {
      leavePartial(Arrays.copyOf(WEIGHTS, 400_000));
      server.plant(HubFault.status(206, "Content-Range", "bytes 300000-999999/1000000").onCdn());

      refusesAndKeepsNothing(FILE, "sends another part than was asked for");
    }

    @Test
    void toFillTheDisk() {
      long free = temp.toFile().getUsableSpace();
      assumeTrue(free < HubFile.LARGEST);
      server.plant(
          HubFault.headers("X-Linked-Size", Long.toString(HubFile.LARGEST)).on("HEAD", FILE));

      refusesAndKeepsNothing(FILE, "needs " + HubFile.LARGEST + " bytes more", "make room");
      assertThat(server.requests("GET", FILE)).isEmpty();
    }
  }
}
