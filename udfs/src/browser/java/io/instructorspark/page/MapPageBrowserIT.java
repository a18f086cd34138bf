package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Maps as readers use them, in a browser. */
class MapPageBrowserIT {
  private static final int N = 240;
  private static Browser browser;

  @TempDir private static Path folder;

  @BeforeAll
  static void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
  }

  @AfterEach
  void asksForNothingAndComplainsOfNothing() {
    assertThat(browser.requests()).hasSize(1).allMatch(url -> url.startsWith("file:///"));
    assertThat(browser.messages()).isEmpty();
  }

  private static Panel gathered(String instruction, int dims, long seed) {
    return Maps.gathered(instruction, dims, N, seed);
  }

  private static void open(Optional<Pairs> pairs, Panel... panels) throws IOException {
    browser.resize(1300, 1000);
    browser.dark(false);
    MapPage page = new MapPage("Harbours and orchards", Maps.points(N), List.of(panels), pairs);
    browser.open(folder.resolve("map.html"), page.html());
    browser.drawn();
  }

  private static String text(int point) {
    return Maps.sentences(N).get(point);
  }

  private static void hover(int point, int map) {
    int[] at = browser.position(point, map);
    browser.pointAt(at[0] - 40, at[1] - 40);
    browser.pointAt(at[0], at[1]);
  }

  private static void click(int point) {
    hover(point, 0);
    browser.mouse().click().perform();
    browser.drawn();
  }

  private static void search(String words, int expected) {
    WebElement box = browser.find("input[type=search]");
    box.clear();
    box.sendKeys(words);
    browser.until(
        () -> Long.valueOf(expected).equals(browser.value("instructorMap.matches()")),
        "%d matches of '%s'".formatted(expected, words));
    browser.drawn();
  }

  /** A point that no other lies on, so that pointing at it means it. */
  private static int alone(int map) {
    return (int)
        browser.number(
            """
            (() => {
              const at = Array.from({ length: %d }, (_, i) => instructorMap.position(i, %d));
              const nearest = (i) => Math.min(...at.map((b, j) => (i === j ? Infinity : Math.hypot(at[i][0] - b[0], at[i][1] - b[1]))));
              return at.map((_, i) => i).sort((a, b) => nearest(b) - nearest(a))[0];
            })()"""
                .formatted(N, map));
  }

  @Nested
  class OnAPlane {
    @BeforeEach
    void openMap() throws IOException {
      open(Optional.empty(), gathered("Represent the note for its subject: ", 2, 1));
    }

    @Test
    void drawsEveryPoint() {
      assertThat(browser.number("instructorMap.count()")).isEqualTo(N);
      assertThat(browser.number("instructorMap.visible()")).isEqualTo(N);
      assertThat(browser.inkOfPoints(0)).isGreaterThan(N * 20);
    }

    @Test
    void showsTheTextThatIsPointedAt() {
      int point = alone(0);
      hover(point, 0);
      assertThat(browser.number("instructorMap.hovered()")).isEqualTo(point);
      assertThat(browser.find(".map-tip").isDisplayed()).isTrue();
      assertThat(browser.find(".map-tip").getText()).contains(text(point), "row-" + point);
      browser.pointAt(3, 3);
      assertThat(browser.find(".map-tip").isDisplayed()).isFalse();
    }

    @Test
    void findsAndCountsWhatIsSearched() {
      long before = browser.inkOfPoints(0);
      search("STORM", 48);
      assertThat(browser.find("output").getText()).isEqualTo("48 of 240 match");
      assertThat(browser.inkOfPoints(0)).isNotEqualTo(before);
      search("no such words", 0);
      browser.find("input[type=search]").sendKeys(Keys.ESCAPE);
      assertThat(browser.value("instructorMap.matches()")).isNull();
    }

    @Test
    void goesFromMatchToMatchByEnter() {
      search("choir", 20);
      browser.find("input[type=search]").sendKeys(Keys.ENTER);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(5);
      browser.find("input[type=search]").sendKeys(Keys.ENTER);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(17);
    }

    @Test
    void hidesCategoriesByTheLegend() {
      WebElement entry = browser.all(".map-legend .entry").get(0);
      assertThat(entry.getText()).contains("harbour", "20");
      long before = browser.inkOfPoints(0);
      entry.click();
      browser.drawn();
      assertThat(entry.getDomAttribute("aria-pressed")).isEqualTo("false");
      assertThat(browser.number("instructorMap.visible()")).isEqualTo(N - 20);
      assertThat(browser.inkOfPoints(0)).isLessThan(before);
      entry.sendKeys(Keys.SPACE);
      assertThat(browser.number("instructorMap.visible()")).isEqualTo(N);
    }

    @Test
    void pinsAPointAndListsItsNeighbors() {
      int point = alone(0);
      click(point);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(point);
      assertThat(browser.find(".map-details .pinned").getText()).isEqualTo(text(point));
      List<WebElement> neighbors = browser.all(".map-neighbors button");
      assertThat(neighbors).hasSize(5);
      int next = (point + 12) % N;
      assertThat(neighbors.get(0).getText()).isEqualTo(text(next));
      neighbors.get(0).click();
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(next);
      assertThat(browser.find(".map-details .pinned").getText()).isEqualTo(text(next));
    }

    @Test
    void goesFromNeighborToNeighborByKeys() {
      click(alone(0));
      browser.all(".map-neighbors button").get(0).sendKeys(Keys.ARROW_DOWN);
      assertThat(
              browser.holds(
                  "document.activeElement === document.querySelectorAll('.map-neighbors button')[1]"))
          .isTrue();
      long before = browser.number("instructorMap.pinned()");
      browser.all(".map-neighbors button").get(1).sendKeys(Keys.ENTER);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo((before + 24) % N);
      assertThat(browser.holds("document.activeElement.closest('.map-neighbors') !== null"))
          .isTrue();
    }

    @Test
    void movesThePinByArrowsToThatSide() {
      WebElement map = browser.find(".map-box");
      map.sendKeys(Keys.ARROW_RIGHT);
      int first = (int) browser.number("instructorMap.pinned()");
      assertThat(first).isNotNegative();
      map.sendKeys(Keys.ARROW_RIGHT);
      int second = (int) browser.number("instructorMap.pinned()");
      assertThat(browser.position(second, 0)[0])
          .isGreaterThanOrEqualTo(browser.position(first, 0)[0]);
      assertThat(second).isNotEqualTo(first);
      map.sendKeys(Keys.ESCAPE);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(-1);
    }

    @Test
    void isMovedByDraggingAndZoomedByTheWheel() {
      int[] before = browser.position(7, 0);
      browser.drag(60, 25);
      int[] moved = browser.position(7, 0);
      assertThat(moved[0] - before[0]).isBetween(59, 61);
      assertThat(moved[1] - before[1]).isBetween(24, 26);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(-1);
      double apart = apart();
      browser.scroll(-300);
      assertThat(apart() / apart).isBetween(1.5, 1.65);
    }

    private double apart() {
      int[] a = browser.position(7, 0);
      int[] b = browser.position(100, 0);
      return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }

    @Test
    void isAsLongToTheRightAsUpwards() {
      assertThat(
              browser.holds(
                  """
                  (() => {
                    const floats = new Float32Array(Uint8Array.from(atob(JSON.parse(document.getElementById("map-frame").textContent).coordinates), (c) => c.charCodeAt(0)).buffer);
                    const [a, b] = [instructorMap.position(3), instructorMap.position(50)];
                    const right = (b[0] - a[0]) / (floats[100] - floats[6]);
                    const up = (a[1] - b[1]) / (floats[101] - floats[7]);
                    return Math.abs(right / up - 1) < 1e-3;
                  })()"""))
          .isTrue();
    }

    @Test
    void isDarkWhereTheReadersSystemIs() {
      String ground = "getComputedStyle(document.body).backgroundColor";
      assertThat(browser.value(ground)).isEqualTo("rgb(244, 246, 249)");
      browser.dark(true);
      assertThat(browser.value(ground)).isEqualTo("rgb(17, 22, 29)");
      assertThat(browser.inkOfPoints(0)).isGreaterThan(N * 20);
    }

    @Test
    void fitsIntoANarrowWindow() {
      browser.resize(500, 900);
      browser.drawn();
      assertThat(browser.holds("document.documentElement.scrollWidth <= innerWidth")).isTrue();
    }
  }

  @Nested
  class InSpace {
    @BeforeEach
    void openMap() throws IOException {
      open(Optional.empty(), gathered("Represent the note for its subject: ", 3, 1));
    }

    @Test
    void isTurnedByDragging() {
      int[] before = browser.position(7, 0);
      long ink = browser.inkOfPoints(0);
      browser.drag(120, 0);
      List<?> turn = (List<?>) browser.value("instructorMap.turn()");
      assertThat(((Number) turn.get(0)).doubleValue()).isBetween(-0.5 + 0.9, -0.5 + 1.0);
      assertThat(browser.position(7, 0)[0]).isNotEqualTo(before[0]);
      assertThat(browser.inkOfPoints(0)).isNotEqualTo(ink);
    }

    @Test
    void isTurnedByArrowsAndPinnedWithShift() {
      WebElement map = browser.find(".map-box");
      Object before = browser.value("instructorMap.turn()");
      map.sendKeys(Keys.ARROW_LEFT);
      assertThat(browser.value("instructorMap.turn()")).isNotEqualTo(before);
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(-1);
      map.sendKeys(Keys.chord(Keys.SHIFT, Keys.ARROW_LEFT));
      assertThat(browser.number("instructorMap.pinned()")).isNotNegative();
    }

    @Test
    void showsTheTextThatIsPointedAt() {
      int point = alone(0);
      hover(point, 0);
      assertThat(browser.find(".map-tip").getText()).contains(text(point));
    }
  }

  @Nested
  class OfSeveralInstructions {
    @BeforeEach
    void openMaps() throws IOException {
      open(
          Optional.empty(),
          gathered("Represent the note for its subject: ", 2, 1),
          gathered("Represent the note for its weather: ", 2, 2));
    }

    @Test
    void choosesInAllWhatIsChosenInOne() {
      int point = alone(1);
      hover(point, 1);
      assertThat(browser.number("instructorMap.hovered()")).isEqualTo(point);
      browser.mouse().click().perform();
      browser.drawn();
      assertThat(browser.number("instructorMap.pinned()")).isEqualTo(point);
      assertThat(browser.all(".map-neighbors")).hasSize(2);
      long[] before = {browser.inkOfPoints(0), browser.inkOfPoints(1)};
      browser.all(".map-legend .entry").get(3).click();
      browser.drawn();
      assertThat(browser.inkOfPoints(0)).isLessThan(before[0]);
      assertThat(browser.inkOfPoints(1)).isLessThan(before[1]);
    }

    @Test
    void movesPointsFromMapToMapByTheSlider() {
      WebElement slider = browser.find("input[type=range]");
      slider.sendKeys(Keys.ARROW_RIGHT);
      browser.drawn();
      int[] start = browser.position(7, 0);
      slider.sendKeys(Keys.END);
      browser.drawn();
      int[] end = browser.position(7, 0);
      assertThat(browser.number("instructorMap.time()")).isEqualTo(1);
      assertThat(browser.find(".one-map figcaption").getText()).contains("weather");
      browser.mouse().moveToElement(slider).click().perform();
      browser.drawn();
      int[] half = browser.position(7, 0);
      assertThat(Math.hypot(end[0] - start[0], end[1] - start[1])).isGreaterThan(20);
      for (int axis = 0; axis < 2; axis++) {
        assertThat(half[axis]).isCloseTo((start[axis] + end[axis]) / 2, within(8));
      }
      browser.find(".map-morph button").click();
      browser.drawn();
      assertThat(browser.all(".map-box").stream().filter(WebElement::isDisplayed)).hasSize(2);
    }

    @Test
    void movesPointsOverAsManyMapsAsThereAre() throws IOException {
      open(Optional.empty(), gathered("one: ", 3, 1), gathered("two: ", 3, 2), gathered("", 3, 3));
      WebElement slider = browser.find("input[type=range]");
      slider.sendKeys(Keys.END);
      browser.drawn();
      assertThat(browser.number("instructorMap.time()")).isEqualTo(2);
      assertThat(browser.find(".one-map figcaption").getText()).isEqualTo("no instruction");
      assertThat(browser.find("table").getText()).contains("one:", "two:", "no instruction");
    }

    @Test
    void playsFromMapToMapAndJumpsWhereMotionIsUnwanted() {
      WebElement play = browser.all(".map-morph button").get(1);
      play.click();
      browser.until(() -> browser.number("instructorMap.time()") == 1, "the end of the way");
      browser.calm();
      play.click();
      assertThat(browser.number("instructorMap.time()")).isEqualTo(1);
      assertThat(play.getText()).isEqualTo("Play");
    }
  }

  @Nested
  class OfAnySize {
    private void open(int n, int dims, int... categories) throws IOException {
      List<String> names = IntStream.range(0, 40).mapToObj(c -> "kind " + c).toList();
      Points points =
          new Points(
              Maps.sentences(n), Optional.empty(), categories, names, Optional.of("kind"), n);
      float[] coordinates = new float[n * dims];
      for (int i = 0; i < coordinates.length; i++) {
        coordinates[i] = i * i % 97;
      }
      browser.open(
          folder.resolve("any.html"),
          new MapPage("Any", points, List.of(Maps.panel("", dims, coordinates)), Optional.empty())
              .html());
      browser.drawn();
    }

    @Test
    void gathersCategoriesThatCannotBeToldApart() throws IOException {
      open(81, 2, IntStream.range(0, 81).map(i -> i < 80 ? i % 40 : -1).toArray());
      assertThat(browser.all(".map-legend .entry")).hasSize(25);
      WebElement others = browser.all(".map-legend .entry").get(23);
      assertThat(others.getText()).contains("17 others", "34");
      assertThat(browser.all(".map-legend .entry").get(24).getText()).contains("none", "1");
      others.click();
      assertThat(browser.number("instructorMap.visible()")).isEqualTo(81 - 34);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void isAMapAlsoOfOnePoint(int dims) throws IOException {
      open(1, dims, 0);
      browser.find(".map-box").sendKeys(Keys.chord(Keys.SHIFT, Keys.ARROW_RIGHT));
      assertThat(browser.number("instructorMap.count()")).isEqualTo(1);
      assertThat(browser.ink("document.querySelector('.map-chart canvas')")).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void isAMapAlsoOfNone(int dims) throws IOException {
      open(0, dims);
      assertThat(browser.number("instructorMap.count()")).isZero();
    }
  }

  @Nested
  class WithPairs {
    @Test
    void drawsLinesBetweenThemAndNamesThePartner() throws IOException {
      int[] other = new int[N];
      for (int i = 0; i < N; i++) {
        other[i] = i % 2 == 0 ? i + 1 : i - 1;
      }
      open(Optional.of(new Pairs(other, "pair", new double[] {0.4321})), gathered("x", 2, 1));
      String lines = "document.querySelector('.map-box canvas')";
      assertThat(browser.ink(lines)).isGreaterThan(1000);
      int point = alone(0);
      hover(point, 0);
      assertThat(browser.find(".map-tip").getText()).contains("pair: " + text(other[point]));
      browser.find(".map-tools input[type=checkbox]").click();
      browser.drawn();
      assertThat(browser.ink(lines)).isZero();
      assertThat(browser.find("table").getText()).contains("Mean distance of pairs", "0.4321");
    }
  }
}
