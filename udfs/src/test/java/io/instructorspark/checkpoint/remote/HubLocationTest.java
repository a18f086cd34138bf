package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubLocationTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @ParameterizedTest
  @CsvSource({
    "hf://org/name, org/name, main",
    "hf://org/name@v1.0, org/name, v1.0",
    "hf://org/name@refs/pr/1, org/name, refs/pr/1",
    "hf://Org_1/a.b-c_d@feature/x@y, Org_1/a.b-c_d, feature/x@y",
    "hf://o/n@" + COMMIT + ", o/n, " + COMMIT,
    "hf://org/name@größe, org/name, größe"
  })
  void readsRepositoryAndRevision(String location, String repository, String revision) {
    assertThat(HubLocation.parse(location)).isEqualTo(new HubLocation(repository, revision));
  }

  @Test
  void readsWhatItPrints() {
    HubLocation location = new HubLocation("org/name", "refs/pr/1");

    assertThat(location).hasToString("hf://org/name@refs/pr/1");
    assertThat(HubLocation.parse(location.toString())).isEqualTo(location);
    assertThat(location.isPinned()).isFalse();
    assertThat(location.at(COMMIT)).hasToString("hf://org/name@" + COMMIT);
    assertThat(location.at(COMMIT).isPinned()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://",
        "hf://name",
        "hf:///name",
        "hf://org/",
        "hf://org/name/",
        "hf://org/name/folder",
        "hf://../name",
        "hf://org/..",
        "hf://org/.name",
        "hf://org/name.",
        "hf://-org/name",
        "hf://org/a--b",
        "hf://org/a..b",
        "hf://org/name.git",
        "hf://org/na me",
        "hf://org/na\nme",
        "hf://org/na%2e",
        "hf://org/ñame",
        "hf://org\\name",
        "HF://org/name",
        "https://huggingface.co/org/name"
      })
  void refusesWhatIsNoRepository(String location) {
    assertThatThrownBy(() -> HubLocation.parse(location))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected hf://org/name or hf://org/name@revision")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "..", "a/../b", "/a", "a/", "a//b", ".a", "a/.b", "a.", "a b", "a\nb", "a\\b", "a:b",
        "a*", "a[b", "a~1", "a^", "a@{1}", "a.lock", "-a"
      })
  void refusesWhatIsNoRevision(String revision) {
    assertThatThrownBy(() -> HubLocation.parse("hf://org/name@" + revision))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no revision of org/name: expected a branch, a tag")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesOverlongNames() {
    assertThat(HubLocation.parse("hf://o/" + "n".repeat(96)).repository()).hasSize(98);
    assertThatThrownBy(() -> HubLocation.parse("hf://o/" + "n".repeat(97)))
        .hasMessageContaining("at most 96 characters");
    assertThatThrownBy(() -> HubLocation.parse("hf://o/n@" + "r".repeat(251)))
        .hasMessageContaining("is no revision");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://me:hidden@org/name",
        "hf://hidden@org/name",
        "hf://org/name?token=hidden",
        "hf://org/name@main?hidden",
        "hf://org/name#hidden",
        "hf://org:hidden/name"
      })
  void doesNotRepeatWhatMayBeSecret(String location) {
    assertThatThrownBy(() -> HubLocation.parse(location))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hidden");
  }
}
