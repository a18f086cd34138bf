package io.instructorspark.page;

import java.util.Locale;
import java.util.function.Consumer;

/** A cell of a table. */
public final class Cell {
  private static final String[] NO_SCALE = {
    "viewBox", "0 0 100 10", "preserveAspectRatio", "none", "class", "bar", "role", "img"
  };

  private final Consumer<Html> content;

  private Cell(Consumer<Html> content) {
    this.content = content;
  }

  /** A text, or a number as it is to be read. */
  public static Cell of(String text) {
    return new Cell(html -> html.element("bdi", text));
  }

  /**
   * A text with its meaning below.
   *
   * @param meaning in small print
   */
  public static Cell of(String text, String meaning) {
    return new Cell(
        html ->
            html.element("bdi", text).element("small", meaning, "class", "soft", "dir", "auto"));
  }

  /** A text that stands out, as that of the best row. */
  public static Cell strong(String text) {
    return new Cell(html -> html.element("strong", text, "dir", "auto"));
  }

  /**
   * A text that leads to a section.
   *
   * @param anchor of the section
   */
  public static Cell link(String text, String anchor) {
    String target = "#" + Section.checkedAnchor(anchor);
    return new Cell(html -> html.element("a", text, "href", target, "dir", "auto"));
  }

  /**
   * A bar from the left.
   *
   * @param length from 0 to 1, of the column
   * @param title the number in words, for who cannot see the bar
   */
  public static Cell bar(double length, String title) {
    double end = 100 * share(length, title);
    return drawn(
        title,
        html ->
            html.open("rect", "class", "fill", "height", "10", "width", number(Math.max(end, 0.5)))
                .close("rect"));
  }

  /**
   * A value with its interval.
   *
   * @param low end of the interval, from 0 to 1, of the column; as the others
   * @param title the numbers in words
   */
  public static Cell interval(double low, double value, double high, String title) {
    double from = 100 * share(low, title);
    double at = 100 * share(value, title);
    double to = 100 * share(high, title);
    return drawn(
        title,
        html -> {
          rectangle(html, "track", 0, 100, 4.5, 1);
          rectangle(html, "fill", from, Math.max(to - from, 0.5), 2.5, 5);
          rectangle(html, "mark", Math.max(0, at - 0.4), 0.8, 0, 10);
        });
  }

  private static Cell drawn(String title, Consumer<Html> content) {
    return new Cell(
        html -> {
          html.open("svg", NO_SCALE).element("title", title);
          content.accept(html);
          html.close("svg");
        });
  }

  private static void rectangle(
      Html html, String style, double x, double width, double y, double height) {
    html.open(
            "rect",
            "class",
            style,
            "x",
            number(x),
            "width",
            number(width),
            "y",
            number(y),
            "height",
            number(height))
        .close("rect");
  }

  private static double share(double value, String title) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "a length in a column must be from 0 to 1, got %s for '%s'".formatted(value, title));
    }
    return value;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  void writeTo(Html html) {
    content.accept(html);
  }
}
