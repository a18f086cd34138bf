package io.instructorspark.job.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A suite of our own sentences with a task of each category. */
final class SmallSuite {
  private static final String[] MEALS = {
    "The %s soup was full of fresh herbs", "They serve a %s pizza in this street",
    "I ordered the fish and it tasted %s", "Dessert was a %s cake with cream",
  };
  private static final String[] TRAINS = {
    "The %s train to the coast leaves at nine", "Our carriage was %s this morning",
    "The night express was %s at every station", "A %s railway line opens to the airport",
  };
  private static final String[] WORDS = {"warm", "strange", "small", "lovely", "dull"};
  private static final String SENTENCE =
      "Represent the travel sentence for classifying its topic: ";

  private final Path folder;

  SmallSuite(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Writes every task. */
  SmallSuite all() throws IOException {
    data("labelled.jsonl", labelled());
    data("pairs.jsonl", pairs(1, 0));
    data("alike.jsonl", pairs(4.5, 1.25));
    task("topics", "classification", "accuracy", "texts: labelled.jsonl", text(SENTENCE));
    task("groups", "clustering", "v_measure", "texts: labelled.jsonl", text(SENTENCE));
    task(
        "same",
        "pair_classification",
        "average_precision",
        "pairs: pairs.jsonl",
        text("Represent the sentence for duplicate detection: "));
    task("alike", "sts", "spearman", "pairs: alike.jsonl", text("Represent the statement: "));
    data(
        "ranked.jsonl",
        List.of(
            "{\"query\": \"What was in the soup?\", \"positives\": [\"The warm soup was full of herbs\"], \"negatives\": [\"Our carriage was late\", \"A train left\"]}",
            "{\"query\": \"When does the train leave?\", \"positives\": [\"The train to the coast leaves at nine\"], \"negatives\": [\"Dessert was a cake\"]}",
            "{\"query\": \"Who waits?\", \"positives\": [], \"negatives\": [\"Nobody\"]}"));
    task(
        "answers",
        "reranking",
        "map",
        "candidates: ranked.jsonl",
        "query: \"Represent the question for retrieving the answer: \"\n  document: \"Represent the answer for retrieval: \"");
    retrieval();
    generated("summaries", "summarisation", "spearman");
    generated("generations", "text_generation_evaluation", "pearson");
    data("examples.jsonl", labelled().subList(0, 30));
    data("asked.jsonl", labelled().subList(30, 40));
    task(
        "prompts",
        "prompt_retrieval",
        "template_match_at_1",
        "train: examples.jsonl\n  test: asked.jsonl",
        text(SENTENCE) + "\ndomain: travel");
    data("triplets.jsonl", triplets());
    task(
        "views",
        "multi_view",
        "triplet_accuracy",
        "triplets: triplets.jsonl",
        "view1: \"Represent the sentence for classifying its topic: \"\n  view2: \"Represent the sentence for classifying its mood: \"");
    return this;
  }

  private void retrieval() throws IOException {
    List<String> corpus = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String[] some = i % 2 == 0 ? MEALS : TRAINS;
      corpus.add(
          "{\"id\": \"d%d\", \"title\": %s, \"text\": \"%s\"}"
              .formatted(
                  i,
                  i == 3 ? "null" : "\"Note %d\"".formatted(i),
                  some[i / 2 % 4].formatted(WORDS[i / 3])));
    }
    data("corpus.jsonl", corpus);
    data(
        "queries.jsonl",
        List.of(
            "{\"id\": \"q1\", \"text\": \"soup with herbs\"}",
            "{\"id\": \"q2\", \"text\": \"night train\"}",
            "{\"id\": \"q3\", \"text\": \"nobody judged this\"}"));
    data(
        "qrels.jsonl",
        List.of(
            "{\"query\": \"q1\", \"doc\": \"d0\", \"score\": 2}",
            "{\"query\": \"q2\", \"doc\": \"d5\", \"score\": 1}",
            "{\"query\": \"q2\", \"doc\": \"d1\", \"score\": 1}",
            "{\"query\": \"q2\", \"doc\": \"d2\", \"score\": 0}"));
    task(
        "search",
        "retrieval",
        "ndcg_at_10",
        "queries: queries.jsonl\n  corpus: corpus.jsonl\n  qrels: qrels.jsonl",
        "query: \"Represent the question for retrieving notes: \"\n  document: \"Represent the note for retrieval: \"");
  }

  private void generated(String role, String category, String metric) throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int score = 1; score <= 3; score++) {
        rows.add(
            "{\"refs\": [\"%s\", \"%s\"], \"hyp\": \"%s\", \"score\": %d}"
                .formatted(
                    MEALS[i].formatted("warm"),
                    MEALS[i].formatted("small"),
                    (score == 3 ? MEALS[i] : TRAINS[(i + score) % 4]).formatted("warm"),
                    score));
      }
    }
    data(role + ".jsonl", rows);
    task(
        "scored-" + role,
        category,
        metric,
        role + ": " + role + ".jsonl",
        text("Represent the comment: "));
  }

  private static List<String> labelled() {
    List<String> rows = new ArrayList<>();
    for (String word : WORDS) {
      for (int i = 0; i < 4; i++) {
        rows.add(row(MEALS[i].formatted(word), "meal"));
        rows.add(row(TRAINS[i].formatted(word), "train"));
      }
    }
    return rows;
  }

  private static String row(String text, String label) {
    return "{\"text\": \"%s\", \"label\": \"%s\"}".formatted(text, label);
  }

  private static List<String> pairs(double high, double low) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int w = 1; w < 5; w++) {
        rows.add(pair(MEALS[i].formatted(WORDS[0]), MEALS[i].formatted(WORDS[w]), high));
        rows.add(pair(MEALS[i].formatted(WORDS[w]), TRAINS[i].formatted(WORDS[0]), low));
      }
    }
    return rows;
  }

  private static String pair(String a, String b, double score) {
    return "{\"a\": \"%s\", \"b\": \"%s\", \"score\": %s}".formatted(a, b, score);
  }

  private static List<String> triplets() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int w = 0; w < 4; w++) {
        rows.add(
            "{\"a\": \"%s\", \"same_view1\": \"%s\", \"same_view2\": \"%s\"}"
                .formatted(
                    MEALS[i].formatted(WORDS[w]),
                    MEALS[(i + 1) % 4].formatted(WORDS[(w + 1) % 5]),
                    TRAINS[i].formatted(WORDS[w])));
      }
    }
    return rows;
  }

  static String text(String instruction) {
    return "text: \"%s\"".formatted(instruction);
  }

  /** Writes a data file. */
  SmallSuite data(String name, List<String> lines) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return this;
  }

  /** Writes a task. */
  SmallSuite task(String name, String category, String metric, String files, String instructions)
      throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %s
        category: %s
        metric: %s
        files:
          %s
        instructions:
          %s
        """
            .formatted(name, category, metric, files, instructions));
    return this;
  }
}
