package io.instructorspark.page;

/**
 * A column of a table.
 *
 * @param name its heading; may be empty
 * @param kind how its cells stand
 */
public record Column(String name, Kind kind) {
  /** How the cells of a column stand. */
  public enum Kind {
    /** Words, on the left. */
    TEXT("text"),
    /** Numbers, one below the other. */
    NUMBER("number"),
    /** Bars and intervals, which take what room there is. */
    BAR("wide");

    private final String style;

    Kind(String style) {
      this.style = style;
    }

    String style() {
      return style;
    }
  }

  /** A column of words. */
  public static Column text(String name) {
    return new Column(name, Kind.TEXT);
  }

  /** A column of numbers. */
  public static Column number(String name) {
    return new Column(name, Kind.NUMBER);
  }

  /** A column of bars or intervals. */
  public static Column bar(String name) {
    return new Column(name, Kind.BAR);
  }
}
