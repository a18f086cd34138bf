package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubRepositoryTest {
  private static final byte[] MODULES = bytes("[]");
  private static final byte[] DENSE = bytes("{\"in_features\": 8}");
  private static final byte[] WEIGHTS = bytes("weights ".repeat(50_000));
  private static final Map<String, byte[]> FILES =
      Map.of("modules.json", MODULES, "2_Dense/config.json", DENSE, "model.safetensors", WEIGHTS);

  @TempDir Path temp;
  private HubServer server;
  private String commit;

  @BeforeEach
  void publish() {
    server = new HubServer();
    commit = server.publish("org/name", "main", FILES);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private HubRepository open(String location, String... variables) throws IOException {
    return HubRepository.open(
        HubLocation.parse(location), server.settings(temp, variables), TransferWatch.SILENT);
  }

  private Path folder() {
    return temp.resolve("hub/models--org--name");
  }

  private List<String> tree(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> !Files.isDirectory(path))
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private void fetchAll(HubRepository repository) throws IOException {
    for (String path : FILES.keySet()) {
      assertThat(repository.fetch(path)).hasBinaryContent(FILES.get(path));
    }
  }

  @Nested
  class Online {
    @Test
    void keepsFilesAsPythonsClientDoes() throws IOException {
      HubRepository repository = open("hf://org/name");
      fetchAll(repository);
      assertThat(repository.has("1_Pooling/config.json")).isFalse();

      String weights = HubFault.sha256(WEIGHTS);
      String snapshot = "snapshots/" + commit + "/";
      assertThat(tree(folder()))
          .containsExactlyInAnyOrder(
              "refs/main",
              "blobs/" + weights,
              "blobs/" + HubFault.gitBlob(MODULES),
              "blobs/" + HubFault.gitBlob(DENSE),
              snapshot + "model.safetensors",
              snapshot + "modules.json",
              snapshot + "2_Dense/config.json",
              ".no_exist/" + commit + "/1_Pooling/config.json");
      assertThat(folder().resolve("refs/main")).hasContent(commit);
      assertThat(Files.readSymbolicLink(folder().resolve(snapshot + "model.safetensors")))
          .hasToString("../../blobs/" + weights);
      assertThat(Files.readSymbolicLink(folder().resolve(snapshot + "2_Dense/config.json")))
          .hasToString("../../../blobs/" + HubFault.gitBlob(DENSE));
      assertThat(tree(temp.resolve("hub/.locks/models--org--name")))
          .contains(weights + ".lock", HubFault.gitBlob(MODULES) + ".lock");
    }

    @Test
    void isPinnedToTheCommit() throws IOException {
      HubRepository repository = open("hf://org/name");
      String next = server.publish("org/name", "main", Map.of("modules.json", bytes("[1]")));

      assertThat(repository.commit()).isEqualTo(commit).isNotEqualTo(next);
      assertThat(repository.location()).hasToString("hf://org/name@" + commit);
      assertThat(repository.fetch("modules.json")).hasBinaryContent(MODULES);
      assertThat(open("hf://org/name").fetch("modules.json")).hasContent("[1]");
      assertThat(folder().resolve("refs/main")).hasContent(next);
    }

    @Test
    void findsOtherRevisions() throws IOException {
      String other = server.publish("org/name", "refs/pr/1", Map.of("modules.json", DENSE));

      HubRepository repository = open("hf://org/name@refs/pr/1");

      assertThat(repository.commit()).isEqualTo(other);
      assertThat(repository.fetch("modules.json")).hasBinaryContent(DENSE);
      assertThat(folder().resolve("refs/refs/pr/1")).hasContent(other);
    }

    @Test
    void sharesContentsBetweenCommits() throws IOException {
      fetchAll(open("hf://org/name"));
      server.publish("org/name", "v2", Map.of("modules.json", DENSE, "model.safetensors", WEIGHTS));

      assertThat(open("hf://org/name@v2").fetch("model.safetensors")).hasBinaryContent(WEIGHTS);

      assertThat(server.requests("GET", "model.safetensors"))
          .extracting(HubServer.Request::server)
          .containsExactly("home", "cdn");
    }

    @Test
    void opensWithoutModulesJson() throws IOException {
      String bare = server.publish("org/bare", "main", Map.of("model.safetensors", WEIGHTS));

      assertThat(open("hf://org/bare").commit()).isEqualTo(bare);
    }

    @Test
    void followsARepositoryThatWasRenamed() throws IOException {
      server.move("org/old", "org/name");

      HubRepository repository = open("hf://org/old", "HF_TOKEN", "hf_mine");

      assertThat(repository.commit()).isEqualTo(commit);
      assertThat(repository.fetch("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void asksNothingTwice() throws IOException {
      HubRepository repository = open("hf://org/name");
      fetchAll(repository);
      repository.has("absent.json");
      int before = server.requests().size();

      HubRepository again = open("hf://org/name@" + commit);
      fetchAll(again);

      assertThat(again.has("model.safetensors")).isTrue();
      assertThat(again.has("absent.json")).isFalse();
      assertThat(server.requests()).hasSize(before);
    }

    @Test
    void describesOnceWhatItThenFetches() throws IOException {
      HubRepository repository = open("hf://org/name");

      assertThat(repository.has("model.safetensors")).isTrue();
      repository.fetch("model.safetensors");

      assertThat(server.requests("HEAD", "model.safetensors")).hasSize(1);
      assertThat(server.requests("GET", "model.safetensors")).hasSize(2);
    }

    @Test
    void knowsTheDigestOfWhatItHasVerified() throws IOException {
      HubRepository repository = open("hf://org/name");
      fetchAll(repository);

      assertThat(repository.sha256("model.safetensors")).contains(HubFault.sha256(WEIGHTS));
      assertThat(repository.sha256("modules.json")).isEmpty();
      HubRepository again = open("hf://org/name");
      again.fetch("model.safetensors");
      assertThat(again.sha256("model.safetensors")).isEmpty();
    }

    @Test
    void takesABare404ForAFileOfARepositoryThatIsThere() throws IOException {
      HubRepository repository = open("hf://org/name");
      server.plant(HubFault.status(404).on("HEAD", "absent.json"));

      assertThat(repository.has("absent.json")).isFalse();
      assertThat(folder().resolve(".no_exist/" + commit + "/absent.json")).exists();
    }

    @Test
    void asksABusyServerAgain() throws IOException {
      server.plant(HubFault.status(503, "Retry-After", "9999").times(2).on("HEAD", "json"));

      assertThat(open("hf://org/name").commit()).isEqualTo(commit);
      assertThat(server.requests("HEAD", "modules.json")).hasSize(3);
    }

    @Test
    void tellsHowFarItIs() throws IOException {
      List<String> told = new ArrayList<>();
      HubRepository repository =
          HubRepository.open(
              HubLocation.parse("hf://org/name"),
              server.settings(temp),
              (file, done, total) -> told.add("%s %d/%d".formatted(file, done, total)));

      repository.fetch("model.safetensors");

      assertThat(told)
          .startsWith("org/name/model.safetensors 0/400000")
          .endsWith("org/name/model.safetensors 400000/400000");
    }

    @Test
    void saysThatTheCacheCannotBeWritten() throws IOException {
      Path file = Files.writeString(temp.resolve("file"), "no folder");
      HubRepository repository = open("hf://org/name", "HF_HUB_CACHE", file.toString());

      assertThatThrownBy(() -> repository.fetch("modules.json"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("cannot keep modules.json of hf://org/name@" + commit)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("HF_HUB_CACHE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "", "a//b", "a\\b", "c:x", "a\0b"})
    void refusesPathsThatLeadElsewhere(String path) throws IOException {
      HubRepository repository = open("hf://org/name");
      int before = server.requests().size();

      assertThatThrownBy(() -> repository.fetch(path)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> repository.has(path)).isInstanceOf(IllegalArgumentException.class);
      assertThat(server.requests()).hasSize(before);
    }
  }

  @Nested
  class WithoutLinks {
    private static final String[] NO_LINKS = {"HF_HUB_DISABLE_SYMLINKS", "1"};

    @Test
    void movesFilesIntoTheCommit() throws IOException {
      fetchAll(open("hf://org/name", NO_LINKS));

      assertThat(tree(folder().resolve("blobs"))).isEmpty();
      assertThat(tree(folder().resolve("snapshots/" + commit)))
          .containsExactlyInAnyOrderElementsOf(FILES.keySet());
      assertThat(folder().resolve("snapshots/" + commit + "/model.safetensors"))
          .isRegularFile()
          .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
    }

    @Test
    void copiesWhatAnotherCommitMayUse() throws IOException {
      fetchAll(open("hf://org/name"));
      server.publish("org/name", "v2", Map.of("model.safetensors", WEIGHTS));

      Path copy = open("hf://org/name@v2", NO_LINKS).fetch("model.safetensors");

      assertThat(copy).hasBinaryContent(WEIGHTS);
      assertThat(Files.isSymbolicLink(copy)).isFalse();
      assertThat(open("hf://org/name@" + commit).fetch("model.safetensors"))
          .hasBinaryContent(WEIGHTS);
      assertThat(server.requests("GET", "model.safetensors")).hasSize(2);
    }
  }

  @Nested
  class Offline {
    private static final String[] OFFLINE = {"HF_HUB_OFFLINE", "1"};

    @Test
    void readsWhatIsThere() throws IOException {
      fetchAll(open("hf://org/name"));
      int before = server.requests().size();

      HubRepository repository = open("hf://org/name", OFFLINE);
      fetchAll(repository);

      assertThat(repository.commit()).isEqualTo(commit);
      assertThat(repository.has("modules.json")).isTrue();
      assertThat(repository.has("absent.json")).isFalse();
      assertThat(server.requests()).hasSize(before);
    }

    @Test
    void readsWhatPythonsClientSharesBetweenRepositories() throws IOException {
      fetchAll(open("hf://org/name"));
      String etag = HubFault.sha256(WEIGHTS);
      Path shared = Files.createDirectories(temp.resolve("hub/blobs/ab")).resolve("abcd");
      Files.move(folder().resolve("blobs").resolve(etag), shared);
      Files.createSymbolicLink(
          folder().resolve("blobs").resolve(etag), Path.of("../../blobs/ab/abcd"));

      fetchAll(open("hf://org/name", OFFLINE));
    }

    @Test
    void saysWhatIsThereIfTheRevisionIsNot() throws IOException {
      assertThatThrownBy(() -> open("hf://org/name", OFFLINE))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("hf://org/name@main is not in this machine's cache")
          .hasMessageContaining("HF_HUB_OFFLINE is set")
          .hasMessageContaining("The cache has nothing of it");

      open("hf://org/name").fetch("modules.json");
      assertThatThrownBy(() -> open("hf://org/name@v9", OFFLINE))
          .hasMessageContaining("hf://org/name@v9 is not in")
          .hasMessageContaining("The cache has commits [" + commit + "]");
      assertThatThrownBy(() -> open("hf://org/name", OFFLINE).fetch("model.safetensors"))
          .hasMessageContaining("model.safetensors of hf://org/name@" + commit + " is not in")
          .hasMessageContaining(folder().toString());
    }

    @Test
    void replacesAServerThatCannotBeReached() throws IOException {
      fetchAll(open("hf://org/name"));
      int before = server.requests().size();
      String[] nowhere = {"HF_ENDPOINT", "http://127.0.0.1:1"};

      HubRepository repository = open("hf://org/name", nowhere);
      fetchAll(repository);

      assertThat(repository.has("absent.json")).isFalse();
      HubRepository pinned = open("hf://org/name@" + commit, nowhere);
      fetchAll(pinned);
      assertThat(pinned.has("absent.json")).isFalse();
      assertThat(folder().resolve(".no_exist")).doesNotExist();
      assertThat(server.requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void replacesAServerInTrouble(int status) throws IOException {
      fetchAll(open("hf://org/name"));
      server.plant(HubFault.status(status));

      assertThat(open("hf://org/name").commit()).isEqualTo(commit);
    }

    @Test
    void replacesAServerThatIsSilent() throws IOException {
      fetchAll(open("hf://org/name"));
      server.plant(HubFault.silence());
      server.hurry();

      fetchAll(open("hf://org/name"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void doesNotReplaceAServerThatSaysNo(int status) throws IOException {
      fetchAll(open("hf://org/name"));
      server.plant(HubFault.status(status));

      assertThatThrownBy(() -> open("hf://org/name"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("HTTP " + status);
    }

    @Test
    void doesNotTakeAFileForMissingIfTheServerGoesAwayMeanwhile() throws IOException {
      HubRepository repository = open("hf://org/name");
      repository.fetch("modules.json");
      server.close();

      assertThatThrownBy(() -> repository.has("2_Dense/config.json"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("cannot connect to http://127.0.0.1");
    }
  }
}
