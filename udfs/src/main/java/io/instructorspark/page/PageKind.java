package io.instructorspark.page;

/** What a page shows. A page says its kind in its second line, by which its file is known. */
public enum PageKind {
  /** Clusters of rows. */
  CLUSTERS("cluster", "clusters"),
  /** A map of texts. */
  MAP("map", "a map"),
  /** Instructions compared. */
  COMPARISON("compare", "a comparison"),
  /** Models and instructions scored on tasks. */
  EVALUATION("evaluate", "an evaluation");

  private final String name;
  private final String content;

  PageKind(String name, String content) {
    this.name = name;
    this.content = content;
  }

  /** The page's first two lines. */
  String head() {
    return "<!DOCTYPE html>\n<!-- instructor %s -->\n".formatted(name);
  }

  /** What the page is of, in words. */
  String content() {
    return content;
  }
}
