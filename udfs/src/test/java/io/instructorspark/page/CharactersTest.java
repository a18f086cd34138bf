package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CharactersTest {
  @Test
  void cutsByCodePointsAndSaysSo() {
    assertThat(Characters.beginning("🦊🦊🦊", 3)).isEqualTo("🦊🦊🦊");
    assertThat(Characters.beginning("🦊🦊🦊", 2)).isEqualTo("🦊🦊…");
    assertThat(Characters.beginning("", 2)).isEmpty();
  }

  @Test
  void leavesWhatIsWrittenFromTheLeftAsItIs() {
    assertThat(Characters.isolated("plain, “quoted” 1.5")).isEqualTo("plain, “quoted” 1.5");
  }

  @Test
  void isolatesWhatIsWrittenFromTheRight() {
    assertThat(Characters.isolated("שלום!")).isEqualTo("\u2068שלום!\u2069");
  }

  @Test
  void closesMarksThatATextLeavesOpen() {
    assertThat(Characters.isolated("\u202eabc")).isEqualTo("\u2068\u202eabc\u202c\u2069");
    assertThat(Characters.isolated("\u2067a\u202bb"))
        .isEqualTo("\u2068\u2067a\u202bb\u202c\u2069\u2069");
  }

  @Test
  void leavesOutMarksThatWouldEndTheIsolation() {
    assertThat(Characters.isolated("\u2069\u202c\u202eabc"))
        .isEqualTo("\u2068\u202eabc\u202c\u2069");
  }
}
