package io.instructorspark.page;

import java.util.Arrays;

/**
 * How quick a page with a map is.
 *
 * @param paintMillis from the start of the page's loading until the first frame with points is
 *     there
 * @param hoverMillis from the mouse's move until the frame that shows the text, median
 * @param worstHoverMillis the same, worst
 * @param moveMillis from a move of the map by the wheel until its frame, median
 */
record Speed(double paintMillis, double hoverMillis, double worstHoverMillis, double moveMillis) {
  private static final int TIMES = 15;

  /** Measures the page that is open. */
  static Speed of(Browser browser) {
    String drawn = "performance.getEntriesByName('instructor-map-drawn')";
    browser.until(() -> browser.holds(drawn + ".length > 0"), "the first frame with points");
    double paint = ((Number) browser.value(drawn + "[0].startTime")).doubleValue();
    browser.value(
        """
        (() => {
          window.took = [];
          for (const kind of ["pointermove", "wheel"]) {
            addEventListener(kind, (event) => requestAnimationFrame(() => {
              const channel = new MessageChannel();
              channel.port1.onmessage = () => window.took.push(performance.now() - event.timeStamp);
              channel.port2.postMessage(0);
            }), true);
          }
        })()""");
    double[] hovers = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      int[] at = browser.position(i * 997, 0);
      browser.value("window.took.length = 0");
      browser.pointAt(at[0], at[1]);
      hovers[i] = last(browser);
      if (browser.number("instructorMap.hovered()") < 0
          || !browser.find(".map-tip").isDisplayed()) {
        throw new AssertionError("nothing is shown at point " + i * 997);
      }
    }
    double[] moves = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      browser.value("window.took.length = 0");
      browser.scroll(i % 2 == 0 ? -100 : 100);
      moves[i] = last(browser);
    }
    Arrays.sort(hovers);
    Arrays.sort(moves);
    return new Speed(paint, hovers[TIMES / 2], hovers[TIMES - 1], moves[TIMES / 2]);
  }

  private static double last(Browser browser) {
    browser.until(() -> browser.holds("window.took.length > 0"), "a frame after the mouse");
    return ((Number) browser.value("window.took[window.took.length - 1]")).doubleValue();
  }

  @Override
  public String toString() {
    return "first paint with points %.0f ms, text under the mouse after %.0f ms (worst %.0f ms), wheel to frame %.0f ms"
        .formatted(paintMillis, hoverMillis, worstHoverMillis, moveMillis);
  }
}
