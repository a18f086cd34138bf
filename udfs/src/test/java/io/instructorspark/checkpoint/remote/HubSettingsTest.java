package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir Path home;

  private HubSettings of(String... pairs) {
    return HubSettings.of(environment(pairs), home);
  }

  private static Map<String, String> environment(String... pairs) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return environment;
  }

  @Test
  void haveTheDefaultsOfPythonsClient() {
    HubSettings settings = of();

    assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.offline()).isFalse();
    assertThat(settings.links()).isTrue();
    assertThat(settings.times().answer()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.times().transfer()).isEqualTo(Duration.ofSeconds(10));
  }

  @Nested
  class Cache {
    @ParameterizedTest
    @CsvSource({
      "HF_HUB_CACHE, /a/b, /a/b",
      "HUGGINGFACE_HUB_CACHE, /a/c, /a/c",
      "HF_HOME, /h, /h/hub",
      "XDG_CACHE_HOME, /x, /x/huggingface/hub"
    })
    void isWhereAVariableSays(String variable, String value, Path cache) {
      assertThat(of(variable, value).cache()).isEqualTo(cache);
    }

    @Test
    void isWhereTheMoreParticularVariableSays() {
      assertThat(of("HF_HUB_CACHE", "/1", "HUGGINGFACE_HUB_CACHE", "/2", "HF_HOME", "/3").cache())
          .isEqualTo(Path.of("/1"));
      assertThat(of("HUGGINGFACE_HUB_CACHE", "/2", "HF_HOME", "/3").cache())
          .isEqualTo(Path.of("/2"));
    }

    @Test
    void isFoundThroughHomeAndVariables() {
      assertThat(of("HF_HOME", "~/models").cache()).isEqualTo(home.resolve("models/hub"));
      assertThat(
              of("HF_HUB_CACHE", "$DISK/${USER_NAME}/hub", "DISK", "/d", "USER_NAME", "u").cache())
          .isEqualTo(Path.of("/d/u/hub"));
    }

    @Test
    void isInTheHomeThatPythonFinds() {
      assertThat(HubEnvironment.of(Map.of("HOME", "/other"), "/home/me").cache())
          .isEqualTo(Path.of("/other/.cache/huggingface/hub"));
      assertThat(HubEnvironment.of(Map.of(), "/home/me").cache())
          .isEqualTo(Path.of("/home/me/.cache/huggingface/hub"));
    }

    @Test
    void isInTheMachinesCacheForAUserWithoutAHome() {
      String cache = home.resolve("cache").toString();
      assertThat(HubEnvironment.of(Map.of("INSTRUCTOR_CACHE", cache), "?").cache())
          .isEqualTo(home.resolve("cache/huggingface/hub"));
    }
  }

  @Nested
  class Endpoint {
    @Test
    void losesItsLastSlash() {
      assertThat(of("HF_ENDPOINT", "https://mirror.example/hf/").endpoint())
          .isEqualTo(URI.create("https://mirror.example/hf"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ftp://hidden.example",
          "hidden.example",
          "https://me:hidden@mirror.example",
          "https://mirror.example?key=hidden",
          "https://mirror.example#hidden",
          "https://hidden example",
          "file:///hidden"
        })
    void isRefusedWithoutRepeatingIt(String endpoint) {
      assertThatThrownBy(() -> of("HF_ENDPOINT", endpoint))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("HF_ENDPOINT")
          .hasMessageContaining("https://host[:port]")
          .hasMessageNotContaining("hidden");
    }
  }

  @Nested
  class Token {
    @Test
    void comesFromTheFirstPlaceThatHasOne() throws IOException {
      Path file = Files.writeString(home.resolve("own"), " hf_file\n");
      String[] all = {
        "HF_TOKEN_PATH", file.toString(), "HUGGING_FACE_HUB_TOKEN", "hf_old", "HF_TOKEN", " hf_new "
      };

      assertThat(of(all).token()).contains("hf_new");
      assertThat(of(all[0], all[1], all[2], all[3]).token()).contains("hf_old");
      assertThat(of(all[0], all[1]).token()).contains("hf_file");
    }

    @Test
    void comesFromTheFileOfTheLogin() throws IOException {
      Path folder = Files.createDirectories(home.resolve(".cache/huggingface"));
      Files.writeString(folder.resolve("token"), "hf_login");

      assertThat(of().token()).contains("hf_login");
      assertThat(of("HF_TOKEN", "  ").token()).contains("hf_login");
      assertThat(of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hidden\r\nX-Evil: 1", "hidden hidden", "hiddén", "hid\u0000den"})
    void isRefusedUnlessItIsOneWord(String token) {
      assertThatThrownBy(() -> of("HF_TOKEN", token))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("HF_TOKEN holds no token")
          .hasMessageNotContaining("hid");
    }

    @Test
    void isNotPrinted() {
      assertThat(of("HF_TOKEN", "hf_hidden").toString())
          .contains("token=given", "https://huggingface.co")
          .doesNotContain("hf_hidden");
      assertThat(HubEnvironment.of(Map.of("HF_TOKEN", "hf_hidden"), "/home/me").toString())
          .contains("/home/me")
          .doesNotContain("hf_hidden");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_OFFLINE, 1, true",
    "HF_HUB_OFFLINE, True, true",
    "HF_HUB_OFFLINE, yes, true",
    "HF_HUB_OFFLINE, on, true",
    "HF_HUB_OFFLINE, 0, false",
    "HF_HUB_OFFLINE, no, false",
    "TRANSFORMERS_OFFLINE, 1, true"
  })
  void stayOffline(String variable, String value, boolean offline) {
    assertThat(of(variable, value).offline()).isEqualTo(offline);
  }

  @Test
  void waitAsLongAsVariablesSay() {
    HubTimes times = of("HF_HUB_ETAG_TIMEOUT", "3", "HF_HUB_DOWNLOAD_TIMEOUT", "0").times();

    assertThat(times.answer()).isEqualTo(Duration.ofSeconds(3));
    assertThat(times.transfer()).isEqualTo(Duration.ofSeconds(10));
    assertThatThrownBy(() -> of("HF_HUB_ETAG_TIMEOUT", "soon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HF_HUB_ETAG_TIMEOUT must be whole seconds");
  }

  @Nested
  class OnAnotherMachine {
    private HubSettings travelled(HubSettings settings, String... environment)
        throws IOException, ClassNotFoundException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(settings);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        HubSettings there = (HubSettings) in.readObject();
        return there.on(new HubEnvironment(environment(environment), home.resolve("there")));
      }
    }

    @Test
    void areTheDriversButForTheCache() throws Exception {
      HubSettings driver =
          of(
              "HF_ENDPOINT",
              "https://mirror.example",
              "HF_TOKEN",
              "hf_driver",
              "HF_HUB_CACHE",
              "/d",
              "HF_HUB_OFFLINE",
              "1",
              "HF_HUB_ETAG_TIMEOUT",
              "3");

      HubSettings there = travelled(driver);

      assertThat(there.endpoint()).isEqualTo(driver.endpoint());
      assertThat(there.token()).contains("hf_driver");
      assertThat(there.offline()).isTrue();
      assertThat(there.times()).isEqualTo(driver.times());
      assertThat(there.cache()).isEqualTo(home.resolve("there/.cache/huggingface/hub"));
    }

    @Test
    void areItsOwnWhereItHasSome() throws Exception {
      HubSettings there =
          travelled(
              of("HF_TOKEN", "hf_driver", "HF_HUB_OFFLINE", "1"),
              "HF_TOKEN",
              "hf_there",
              "HF_HUB_OFFLINE",
              "0",
              "HF_HUB_CACHE",
              "/there",
              "HF_HUB_DOWNLOAD_TIMEOUT",
              "7");

      assertThat(there.token()).contains("hf_there");
      assertThat(there.offline()).isFalse();
      assertThat(there.cache()).isEqualTo(Path.of("/there"));
      assertThat(there.times().transfer()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void doNotShowTheDriversTokenToAnotherEndpoint() throws Exception {
      HubSettings driver = of("HF_TOKEN", "hf_driver");

      assertThat(travelled(driver, "HF_ENDPOINT", "https://mirror.example").token()).isEmpty();
      assertThat(travelled(driver, "HF_ENDPOINT", "https://huggingface.co/").token())
          .contains("hf_driver");
    }
  }
}
