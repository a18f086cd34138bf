package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole checkpoints of the hub, as drivers and executors open them. */
class HubCheckpointTest {
  private static final String LOCATION = "hf://ours/tiny";

  @TempDir private Path folder;
  private HubServer hub;
  private Path tiny;

  @BeforeEach
  void publish() throws URISyntaxException {
    hub = new HubServer();
    tiny = Path.of(HubCheckpointTest.class.getResource("/fixtures/tiny-base").toURI());
    hub.publish("ours/tiny", "main", tiny);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Access access() {
    return access("driver");
  }

  private Access access(String machine) {
    return Access.ofThisMachine()
        .withHub(hub.settings(folder.resolve(machine), "HF_TOKEN", "hf_hush"))
        .withCache(new CacheSettings(folder.resolve(machine + "-cache").toString(), 1L << 30));
  }

  @Test
  void isTheSameAsInAFolder() {
    assertThat(Checkpoint.open(LOCATION, access()).fingerprint())
        .isEqualTo(Checkpoint.open(tiny.toString()).fingerprint());
  }

  @Test
  void isRefusedWhereItsWeightsChangedAfterTheirDownload() throws Exception {
    URI mini =
        HubCheckpointTest.class.getResource("/io/instructorspark/models/instructor-mini").toURI();
    hub.publish("ours/mini", "main", Path.of(mini));
    Checkpoint checkpoint = Checkpoint.open("hf://ours/mini", access());
    Path weights = checkpoint.folder().orElseThrow().resolve("model.safetensors").toRealPath();
    byte[] changed = Files.readAllBytes(weights);
    changed[changed.length - 1] ^= 1;
    Files.write(weights, changed);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(checkpoint::fingerprint)
        .withMessageContaining("Delete " + weights);
  }

  @Test
  void saysWhichFileToDeleteWhereADamagedOneCannotEvenBeRead() throws IOException {
    Checkpoint checkpoint = Checkpoint.open(LOCATION, access());
    Path weights = checkpoint.folder().orElseThrow().resolve("model.safetensors").toRealPath();
    Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 100));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(LOCATION, access()))
        .withMessageContaining("Delete " + weights);
    Files.delete(weights);
    assertThat(Checkpoint.open(LOCATION, access()).fingerprint())
        .isEqualTo(checkpoint.fingerprint());
  }

  @Test
  void saysWhatIsNotInTheCacheWhereTheHubIsNotAsked() throws IOException {
    Path snapshot = Checkpoint.open(LOCATION, access()).folder().orElseThrow();
    Files.delete(snapshot.resolve("model.safetensors"));
    Access offline =
        access().withHub(hub.settings(folder.resolve("driver"), "HF_HUB_OFFLINE", "1"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(LOCATION, offline))
        .withMessageContaining("model.safetensors")
        .withMessageContaining("is not in this machine's cache")
        .withMessageContaining("HF_HUB_OFFLINE");
  }

  @Test
  void isPinnedToItsCommit() {
    assertThat(Checkpoint.open(LOCATION, access()).pinned()).matches("hf://ours/tiny@[0-9a-f]{40}");
  }

  @Test
  void costsOneRequestOnceItIsThere() {
    Checkpoint.open(LOCATION, access()).fingerprint();
    int requests = hub.requests().size();
    Checkpoint.open(LOCATION, access()).fingerprint();
    assertThat(hub.requests()).hasSize(requests + 1);
  }

  @Test
  void staysTheCommitThatTheDriverChoseWhenTheRevisionMoves() throws IOException {
    Checkpoint driver = Checkpoint.open(LOCATION, access());
    hub.publish("ours/tiny", "main", changed());
    Access executors = access("executor");
    Checkpoint executor = Checkpoint.open(driver.pinned(), executors, driver.fingerprint());
    assertThat(executor.pinned()).isEqualTo(driver.pinned());
    assertThat(executor.fingerprint()).isEqualTo(driver.fingerprint());
    assertThat(Checkpoint.open(LOCATION, access()).pinned()).isNotEqualTo(driver.pinned());
  }

  @Test
  void asksNothingWhereItsCommitIsThere() {
    Checkpoint driver = Checkpoint.open(LOCATION, access());
    int requests = hub.requests().size();
    Checkpoint.open(driver.pinned(), access(), driver.fingerprint());
    assertThat(hub.requests()).hasSize(requests);
  }

  @Test
  void downloadsOnlyWhatItConsistsOf() throws IOException {
    Map<String, byte[]> more = files();
    more.put("tf_model.h5", new byte[1000]);
    hub.publish("ours/tiny", "main", more);
    Checkpoint.open(LOCATION, access());
    assertThat(hub.requests("GET", "tf_model.h5")).isEmpty();
    assertThat(hub.requests("GET", "modules.json")).hasSize(1);
  }

  @Test
  void isRefusedWhereItsWeightsWereDamagedAfterTheDownload() throws IOException {
    Checkpoint whole = Checkpoint.open(LOCATION, access());
    String fingerprint = whole.fingerprint();
    Path blob = whole.folder().orElseThrow().resolve("model.safetensors").toRealPath();
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length - 100] ^= 0x20;
    Files.write(blob, bytes);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(LOCATION, access()).fingerprint())
        .withMessageContaining("/model.safetensors has the SHA-256 ")
        .withMessageContaining("Delete " + blob);
    Files.delete(blob);
    assertThat(Checkpoint.open(LOCATION, access()).fingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void withABrokenConfigIsRefusedBeforeItsWeightsAreDownloaded() throws IOException {
    hub.publish("ours/tiny", "main", changed());
    Map<String, byte[]> broken = files();
    broken.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
    hub.publish("ours/tiny", "main", broken);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(LOCATION, access()))
        .withMessageContaining("hf://ours/tiny@")
        .withMessageContaining("config.json");
    assertThat(hub.requests("GET", "model.safetensors")).isEmpty();
  }

  @Test
  void isRefusedOfflineWhereAFileThatChangesVectorsMayBeMissing() throws IOException {
    String commit = Checkpoint.open(LOCATION, access()).pinned().replaceAll(".*@", "");
    Access offline =
        access().withHub(hub.settings(folder.resolve("driver"), "HF_HUB_OFFLINE", "1"));
    String whole = Checkpoint.open(LOCATION, offline).fingerprint();
    assertThat(whole).isEqualTo(Checkpoint.open(LOCATION, access()).fingerprint());
    Files.delete(
        folder
            .resolve("driver/hub/models--ours--tiny/snapshots")
            .resolve(commit)
            .resolve("sentence_bert_config.json"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(LOCATION, offline))
        .withMessageContaining("sentence_bert_config.json")
        .withMessageContaining("HF_HUB_OFFLINE");
  }

  @Test
  void givesItsAccessToExecutorsTokenIncludedAndShowsItToNobody() throws Exception {
    Access travelled = travelled(Checkpoint.open(LOCATION, access()).access());
    assertThat(travelled.hub().token()).contains("hf_hush");
    assertThat(travelled.toString()).doesNotContain("hush").contains("token=given");
  }

  @Test
  void inAFolderGivesExecutorsNoToken() throws Exception {
    byte[] bytes = serialised(Checkpoint.open(tiny.toString(), access()).access());
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("hush");
  }

  private Map<String, byte[]> changed() throws IOException {
    Map<String, byte[]> files = files();
    files.compute(
        "1_Pooling/config.json",
        (path, content) -> (new String(content, StandardCharsets.UTF_8) + "\n").getBytes());
    return files;
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(tiny)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(tiny.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static byte[] serialised(Access access) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(access);
    }
    return bytes.toByteArray();
  }

  private static Access travelled(Access access) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(serialised(access)))) {
      return (Access) in.readObject();
    }
  }
}
