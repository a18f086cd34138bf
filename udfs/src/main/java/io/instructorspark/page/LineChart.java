package io.instructorspark.page;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Values along an axis as a picture.
 *
 * @param title what is shown, for who cannot see it
 * @param axis what the labels below are
 * @param dots two or more, from left to right
 * @param marked place of the dot that stands out; empty for none
 */
public record LineChart(String title, String axis, List<Dot> dots, OptionalInt marked) {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 220;
  private static final int LEFT = 48;
  private static final int RIGHT = 16;
  private static final int TOP = 16;
  private static final int BOTTOM = 34;
  private static final int MOST_LABELS = 20;

  /**
   * A value.
   *
   * @param label below it
   * @param value a finite number
   * @param title what is shown when one stays on it
   */
  public record Dot(String label, double value, String title) {
    /** Checks the value. */
    public Dot {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "a value of a chart must be finite, got %s at '%s'".formatted(value, label));
      }
    }
  }

  /** Checks that there are dots. */
  public LineChart {
    dots = List.copyOf(dots);
    if (dots.size() < 2) {
      throw new IllegalArgumentException(
          "a line needs two values or more, got %d".formatted(dots.size()));
    }
  }

  void writeTo(Html html) {
    double most = dots.stream().mapToDouble(Dot::value).max().orElse(0);
    double low = Math.min(0, dots.stream().mapToDouble(Dot::value).min().orElse(0));
    double high = most > low ? most : low + 1;
    String box = "0 0 %d %d".formatted(WIDTH, HEIGHT);
    html.open("svg", "viewBox", box, "class", "chart", "role", "img", "aria-label", title);
    for (double mark : new double[] {low, (low + high) / 2, high}) {
      String y = number(y(mark, low, high));
      html.open("line", "x1", "" + LEFT, "x2", "" + (WIDTH - RIGHT), "y1", y, "y2", y)
          .close("line");
      text(html, LEFT - 6, y(mark, low, high) + 4, "end", String.format(Locale.ROOT, "%.3f", mark));
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < dots.size(); i++) {
      line.append(number(x(i))).append(',');
      line.append(number(y(dots.get(i).value(), low, high))).append(' ');
    }
    html.open("polyline", "points", line.toString().strip()).close("polyline");
    for (int i = 0; i < dots.size(); i++) {
      dot(html, i, y(dots.get(i).value(), low, high));
    }
    text(html, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 2, "middle", axis);
    html.close("svg");
  }

  private void dot(Html html, int place, double y) {
    Dot dot = dots.get(place);
    boolean best = marked.isPresent() && marked.getAsInt() == place;
    html.open("circle", "cx", number(x(place)), "cy", number(y), "r", best ? "6" : "3")
        .element("title", dot.title())
        .close("circle");
    int step = (dots.size() + MOST_LABELS - 1) / MOST_LABELS;
    if (best || place % step == 0) {
      text(html, x(place), HEIGHT - BOTTOM + 18, best ? "middle strong" : "middle", dot.label());
    }
  }

  private static void text(Html html, double x, double y, String style, String words) {
    html.element("text", words, "x", number(x), "y", number(y), "class", style);
  }

  private double x(int place) {
    return LEFT + (double) (WIDTH - LEFT - RIGHT) * (place + 0.5) / dots.size();
  }

  private static double y(double value, double low, double high) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
