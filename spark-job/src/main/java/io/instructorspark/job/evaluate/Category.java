package io.instructorspark.job.evaluate;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The nine categories of the paper (section 3), and texts with two views; each has its score. */
enum Category {
  CLASSIFICATION("accuracy", List.of("texts"), List.of(), List.of("text")),
  CLUSTERING("v_measure", List.of("texts"), List.of(), List.of("text")),
  PAIR_CLASSIFICATION("average_precision", List.of("pairs"), List.of(), List.of("text")),
  RERANKING("map", List.of("candidates"), List.of(), List.of("query", "document")),
  RETRIEVAL(
      "ndcg_at_10", List.of("queries", "corpus", "qrels"), List.of(), List.of("query", "document")),
  STS("spearman", List.of("pairs"), List.of(), List.of("text")),
  SUMMARISATION("spearman", List.of("summaries"), List.of(), List.of("text")),
  TEXT_GENERATION_EVALUATION("pearson", List.of("generations"), List.of(), List.of("text")),
  PROMPT_RETRIEVAL("template_match_at_1", List.of("train", "test"), List.of(), List.of("text")),
  MULTI_VIEW("triplet_accuracy", List.of("triplets"), List.of("texts"), List.of("view1", "view2"));

  private final String metric;
  private final List<String> files;
  private final List<String> otherFiles;
  private final List<String> roles;

  Category(String metric, List<String> files, List<String> otherFiles, List<String> roles) {
    this.metric = metric;
    this.files = files;
    this.otherFiles = otherFiles;
    this.roles = roles;
  }

  /** As it stands in files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** In a sentence. */
  String spoken() {
    return this == STS ? "STS" : label().replace('_', ' ');
  }

  /** The name of its score. */
  String metric() {
    return metric;
  }

  /** Roles of the files that a task has. */
  List<String> files() {
    return files;
  }

  /** Roles of files that it may have beside them, and that are not read. */
  List<String> otherFiles() {
    return otherFiles;
  }

  /** Roles of texts, each of which has an instruction. */
  List<String> roles() {
    return roles;
  }

  /** All labels, for a message. */
  static String choices() {
    return Arrays.stream(values()).map(Category::label).collect(joining(", "));
  }

  /** All labels. */
  static List<String> labels() {
    return Arrays.stream(values()).map(Category::label).toList();
  }
}
