package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.CacheSettings;
import io.instructorspark.checkpoint.remote.RemoteFile;
import io.instructorspark.checkpoint.remote.RemoteStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints in a store: copied once, checked first, kept within bounds. */
class RemoteCheckpointTest {
  private static final String FILES = "1_Pooling/config.json";

  @TempDir private Path folder;
  private Path cache;
  private Path origin;
  private Shelf shelf;

  @BeforeEach
  void fill() {
    cache = folder.resolve("cache");
    origin = Folders.copy("tiny-base", folder);
    shelf = new Shelf(origin);
  }

  private Access access() {
    return access(1 << 30);
  }

  private Access access(long maxBytes) {
    return Access.ofThisMachine()
        .withStore(shelf)
        .withCache(new CacheSettings(cache.toString(), maxBytes));
  }

  private Checkpoint open() {
    return Checkpoint.open("shelf:/tiny", access());
  }

  private List<Path> copies() {
    return list("models").stream().filter(Files::isDirectory).toList();
  }

  private List<Path> list(String part) {
    try (Stream<Path> children = Files.list(cache.resolve(part))) {
      return children.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isTheSameCheckpointAsInAFolder() {
    Checkpoint local = Checkpoint.open(origin.toString());
    assertThat(open().fingerprint()).isEqualTo(local.fingerprint());
    assertThat(open().files()).isEqualTo(local.files());
  }

  @Test
  void isCopiedOnce() {
    open();
    int reads = shelf.opened.size();
    open();
    assertThat(reads).isEqualTo(Checkpoint.open(origin.toString()).files().size());
    assertThat(shelf.opened).hasSize(reads);
    assertThat(copies()).hasSize(1);
  }

  @Test
  void copiesOnlyWhatItConsistsOf() throws IOException {
    Files.write(origin.resolve("tf_model.h5"), new byte[1000]);
    open();
    assertThat(shelf.opened).doesNotContain("tf_model.h5").contains(FILES, "model.safetensors");
  }

  @Test
  void asksTheStoreNothingWhereTheFingerprintIsKnownAndACopyIsThere() {
    Checkpoint driver = open();
    shelf.fails = true;
    Checkpoint executor = Checkpoint.open(driver.pinned(), access(), driver.fingerprint());
    assertThat(executor.fingerprint()).isEqualTo(driver.fingerprint());
  }

  @Test
  void isCopiedAgainOnceTheStoreSaysThatAFileChanged() throws IOException {
    String before = open().fingerprint();
    Path config = origin.resolve(FILES);
    Files.writeString(config, Files.readString(config) + "\n");
    assertThat(open().fingerprint()).isNotEqualTo(before);
    assertThat(copies()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[", "", "{\"location\": \"shelf:/tiny\"}"})
  void isCopiedAgainWhereTheMemoryOfItsSourceIsDamaged(String record) throws IOException {
    String before = open().fingerprint();
    for (Path file : list("sources")) {
      if (file.toString().endsWith(".json")) {
        Files.writeString(file, record);
      }
    }
    int reads = shelf.opened.size();
    assertThat(open().fingerprint()).isEqualTo(before);
    assertThat(shelf.opened).hasSize(2 * reads);
  }

  @Test
  void isCopiedAgainOnceAFileAppearsThatIsReadBeforeOthers() throws IOException {
    Path torch = Folders.copy("tiny-fp16", folder);
    shelf = new Shelf(torch);
    String before = open().fingerprint();
    Files.copy(origin.resolve("model.safetensors"), torch.resolve("model.safetensors"));
    assertThat(open().fingerprint()).isNotEqualTo(before);
  }

  @Test
  void whoseStoreKnowsNoVersionsIsCopiedAgainByEachDriver() {
    shelf.unversioned = true;
    open();
    int reads = shelf.opened.size();
    open();
    assertThat(shelf.opened).hasSize(2 * reads);
    assertThat(copies()).hasSize(1);
  }

  @Test
  void withABrokenConfigIsRefusedBeforeWeightsAreCopiedAndLeavesNothing() {
    Folders.replace(origin.resolve("config.json"), "\"d_ff\"", "\"d_fff\"");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(RemoteCheckpointTest.this::open)
        .withMessageContaining("shelf:/tiny/config.json")
        .withMessageContaining("d_ff");
    assertThat(shelf.opened).doesNotContain("model.safetensors");
    assertThat(list("incoming")).isEmpty();
    assertThat(copies()).isEmpty();
  }

  @Test
  void thatBreaksOffIsAnErrorAndLeavesNothing() {
    shelf.cutAt = 1000;
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(RemoteCheckpointTest.this::open)
        .withMessageContaining("bytes by its store, but only 1000 came");
    assertThat(list("incoming")).isEmpty();
  }

  @Test
  void thatChangesWhileItIsCopiedIsAnError() {
    shelf.afterOpening =
        () -> {
          Files.setLastModifiedTime(
              origin.resolve("config.json"), FileTime.from(Instant.now().plusSeconds(60)));
          return null;
        };
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(RemoteCheckpointTest.this::open)
        .withMessageContaining("changed while it was copied");
  }

  @Test
  void thatIsNotTheDriversIsRefused() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open("shelf:/tiny", access(), "0".repeat(64)))
        .withMessageContaining("fingerprint")
        .withMessageContaining("0".repeat(64));
  }

  @Test
  void whoseCopyWasChangedIsCopiedAgain() throws IOException {
    String before = open().fingerprint();
    Path config = copies().get(0).resolve("config.json");
    Files.writeString(config, Files.readString(config) + " ");
    assertThat(open().fingerprint()).isEqualTo(before);
    assertThat(config).hasSameBinaryContentAs(origin.resolve("config.json"));
    assertThat(list("incoming")).isEmpty();
  }

  @Test
  void whoseLargeWeightsWereDamagedIsCopiedAgain() throws IOException {
    Path weights = enlarge(origin.resolve("model.safetensors"));
    String before = open().fingerprint();
    Path copy = copies().get(0).resolve("model.safetensors");
    try (FileChannel damaged = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      damaged.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), damaged.size() - 4);
    }
    assertThat(open().fingerprint()).isEqualTo(before);
    assertThat(copy).hasSameBinaryContentAs(weights);
  }

  /** So that its digest is one that is remembered: adds a tensor that nobody reads. */
  private static Path enlarge(Path weights) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) all.getLong(0);
    int data = all.capacity() - 8 - header;
    int more = 5 << 20;
    String json =
        new String(all.array(), 8, header, StandardCharsets.UTF_8)
            .strip()
            .replaceFirst(
                "\\}$",
                ",\"padding\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}"
                    .formatted(more / 4, data, data + more));
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer larger =
        ByteBuffer.allocate(8 + text.length + data + more).order(ByteOrder.LITTLE_ENDIAN);
    larger.putLong(text.length).put(text).put(all.array(), 8 + header, data);
    return Files.write(weights, larger.array());
  }

  @Test
  void openedByManyThreadsIsCopiedOnce() throws Exception {
    int reads = Checkpoint.open(origin.toString()).files().size();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> tasks =
          Collections.nCopies(8, () -> RemoteCheckpointTest.this.open().fingerprint());
      List<String> found = new ArrayList<>();
      for (Future<String> task : threads.invokeAll(tasks)) {
        found.add(task.get());
      }
      assertThat(found).containsOnly(open().fingerprint()).hasSize(8);
    } finally {
      threads.shutdownNow();
    }
    assertThat(shelf.opened).hasSize(reads);
  }

  @Test
  void isNotReadOutsideSpark() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open("s3a://bucket/model"))
        .withMessageContaining("s3a://bucket/model")
        .withMessageContaining("Spark");
  }

  @Test
  void withAPasswordInItsUriIsRefusedWithoutShowingIt() {
    for (String uri :
        List.of(
            "s3a://KEY:hush@bucket/m",
            "s3a://KEY:h/ush/hush@bucket/m",
            "https://x/y?sig=hush",
            "hdfs://u:hush@h/p@q")) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> Checkpoint.open(uri, access()))
          .withMessageContaining("credentials")
          .withMessageNotContaining("hush");
    }
  }

  @Test
  void mayHaveAPortAndAnAt() {
    assertThat(Checkpoint.open("hdfs://namenode:8020/p@q", access()).fingerprint())
        .isEqualTo(open().fingerprint());
  }

  @Test
  void mayHaveAnAtInItsAuthorityAsAzureWantsIt() {
    assertThat(
            Checkpoint.open("abfss://models@account.dfs.core.windows.net/tiny", access())
                .fingerprint())
        .isEqualTo(open().fingerprint());
  }

  @Nested
  class ABoundedCache {
    @Test
    void refusesACheckpointThatItCanNeverHold() {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> Checkpoint.open("shelf:/tiny", access(10_000)))
          .withMessageContaining("10,000 bytes")
          .withMessageContaining("spark.instructor.cacheMaxGigabytes");
    }

    @Test
    void keepsWhatThisJvmHasOpened() throws IOException {
      String first = open().fingerprint();
      long one = size(copies().get(0));
      Folders.replace(origin.resolve("config.json"), "{", "{ ");
      Checkpoint.open("shelf:/tiny", access(one + 100));
      assertThat(copies()).hasSize(2).anyMatch(copy -> copy.endsWith(first));
    }

    @Test
    void removesTheLongestUnusedFirst() throws IOException {
      // copies that no process has open: as an earlier process left them
      Path old = unused("a".repeat(64), 5_000, 3);
      Path older = unused("b".repeat(64), 5_000, 9);
      Path recent = unused("c".repeat(64), 5_000, 1);
      open();
      long one =
          size(
              copies().stream()
                  .filter(copy -> !copy.equals(old) && !copy.equals(older) && !copy.equals(recent))
                  .findFirst()
                  .orElseThrow());
      Folders.replace(origin.resolve("config.json"), "{", "{ ");
      Checkpoint.open("shelf:/tiny", access(2 * one + 6_000));
      assertThat(recent).exists();
      assertThat(old).doesNotExist();
      assertThat(older).doesNotExist();
      assertThat(list("incoming")).isEmpty();
    }

    @Test
    void removesWhatAKilledProcessLeftUnfinished() throws IOException {
      Path left = cache.resolve("incoming").resolve("f".repeat(64));
      Files.createDirectories(left.resolve("1_Pooling"));
      Files.write(left.resolve("1_Pooling/x"), new byte[100]);
      open();
      assertThat(left).doesNotExist();
    }

    private Path unused(String fingerprint, int bytes, int daysAgo) throws IOException {
      Path model = cache.resolve("models").resolve(fingerprint);
      Files.createDirectories(model);
      Files.write(model.resolve("weights"), new byte[bytes]);
      Files.setLastModifiedTime(
          model, FileTime.from(Instant.now().minusSeconds(daysAgo * 86_400L)));
      return model;
    }

    private long size(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        long bytes = 0;
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          bytes += Files.size(file);
        }
        return bytes;
      }
    }
  }

  /** A store over a folder, which can fail in the ways that stores do. */
  private static final class Shelf implements RemoteStore {
    private final Path root;
    private final List<String> opened = Collections.synchronizedList(new ArrayList<>());
    private boolean unversioned;
    private boolean fails;
    private int cutAt = Integer.MAX_VALUE;
    private Callable<Void> afterOpening = () -> null;

    Shelf(Path root) {
      this.root = root;
    }

    @Override
    public String qualify(String location) {
      return location;
    }

    @Override
    public Optional<RemoteFile> find(String location, String path) throws IOException {
      if (fails) {
        throw new IOException("the store is asked although it need not be");
      }
      Path file = root.resolve(path);
      return Files.isRegularFile(file)
          ? Optional.of(
              new RemoteFile(
                  Files.size(file), unversioned ? "" : Files.getLastModifiedTime(file).toString()))
          : Optional.empty();
    }

    @Override
    public InputStream open(String location, String path) throws IOException {
      opened.add(path);
      byte[] content = Files.readAllBytes(root.resolve(path));
      try {
        afterOpening.call();
      } catch (Exception e) {
        throw new IOException(e);
      }
      return new ByteArrayInputStream(content, 0, Math.min(cutAt, content.length));
    }
  }
}
