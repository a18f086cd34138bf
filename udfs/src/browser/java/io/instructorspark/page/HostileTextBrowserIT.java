package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/** Texts that try to be something else: on pages they are texts. */
class HostileTextBrowserIT {
  private static final List<String> TEXTS =
      List.of(
          "</script><img src=x onerror=\"window.harmed=1\">",
          "<script>window.harmed=1</script><!-- <script>",
          "\"'`;window.harmed=1;//\\",
          "${window.harmed=1}{{window.harmed=1}}",
          "javascript:window.harmed=1",
          "line\u2028separator\u2029paragraph",
          "fox 🦊 family 👩‍👩‍👧 flag 🇳🇴",
          "שלום עולם \u202eoverridden\u202c mark \u200f\u2066isolated",
          "nul \0 bell \u0007 half \ud83e end",
          "<svg onload=window.harmed=1><b>bold</b>&amp;&lt;");

  @TempDir private Path folder;

  private static MapPage page() {
    int n = TEXTS.size();
    float[] coordinates = new float[2 * n];
    int[] categories = new int[n];
    int[] neighbors = new int[n];
    int[] other = new int[n];
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      coordinates[2 * i] = i % 4;
      coordinates[2 * i + 1] = i / 4;
      categories[i] = i;
      neighbors[i] = (i + 1) % n;
      other[i] = i % 2 == 0 ? i + 1 : i - 1;
      labels.add(new Label(TEXTS.get(i), i, i % 4, i / 4, 0));
    }
    String all = String.join(" ", TEXTS);
    Panel panel =
        new Panel(
            all,
            2,
            coordinates,
            new double[0],
            List.of(new Figure(all, all, all)),
            neighbors,
            labels);
    return new MapPage(
        all,
        new Points(TEXTS, Optional.of(TEXTS), categories, TEXTS, Optional.of(all), n),
        List.of(panel, panel),
        Optional.of(new Pairs(other, all, new double[2])));
  }

  private static String shown(String text) {
    return Characters.beginning(text, 160);
  }

  @Test
  void isShownAsItIsAndRunsNothing() throws IOException {
    try (Browser browser = Browser.start()) {
      browser.open(folder.resolve("hostile.html"), page().html());
      browser.drawn();
      browser.show(".map-box");
      for (int i = 0; i < TEXTS.size(); i++) {
        int[] at = browser.position(i, 0);
        browser.pointAt(at[0] + 1, at[1]);
        assertThat(browser.value("document.querySelector('.map-tip p').textContent"))
            .isEqualTo(shown(TEXTS.get(i)));
        browser.mouse().click().perform();
        browser.drawn();
        assertThat(browser.value("document.querySelector('.pinned').textContent"))
            .isEqualTo(shown(TEXTS.get(i)));
        assertThat(browser.value("document.querySelector('.map-neighbors button').textContent"))
            .isEqualTo(shown(TEXTS.get((i + 1) % TEXTS.size())));
      }
      browser.find("input[type=search]").sendKeys("</script>");
      browser.until(
          () -> "2".equals(String.valueOf(browser.value("instructorMap.matches()"))), "matches");
      List<WebElement> entries = browser.all(".map-legend .entry bdi");
      assertThat(entries).hasSize(TEXTS.size());
      assertThat(
              browser.value("document.querySelectorAll('.map-legend .entry bdi')[0].textContent"))
          .isEqualTo(TEXTS.get(0));
      browser.find("input[type=range]").click();
      browser.drawn();
      assertThat(browser.value("window.harmed")).isNull();
      assertThat(
              browser.all(
                  "img, main script:not([type='application/json']), b, [onerror], [onload]"))
          .isEmpty();
      assertThat(browser.messages()).isEmpty();
      assertThat(browser.requests()).hasSize(1);
    }
  }

  @Test
  void runsNothingEvenIfItBecameMarkup() throws IOException {
    try (Browser browser = Browser.start()) {
      String html =
          page()
              .html()
              .replace(
                  "<main>",
                  "<main><script>window.harmed=1</script><img src=x onerror='window.harmed=1'>");
      browser.open(folder.resolve("broken.html"), html);
      browser.drawn();
      assertThat(browser.value("window.harmed")).isNull();
      assertThat(browser.messages())
          .anyMatch(message -> message.contains("Content Security Policy"));
    }
  }
}
