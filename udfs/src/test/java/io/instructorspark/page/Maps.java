package io.instructorspark.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Maps of sentences that are made here. */
final class Maps {
  private static final String[] SUBJECTS = {
    "harbour",
    "orchard",
    "night train",
    "mountain hut",
    "printing press",
    "choir",
    "bakery",
    "observatory",
    "ferry",
    "apiary",
    "tram depot",
    "greenhouse"
  };
  private static final String[] SAYINGS = {
    "The %s opens at %d and nobody is in a hurry.",
    "We waited %2$d minutes at the %1$s, and it was worth it.",
    "Whoever runs the %s should answer letter number %d at last.",
    "A storm closed the %s for %d days.",
    "They painted the %s green; it took %d buckets and most of the spring, and still the north wall peels, the gutters leak, and the gate hangs from a single hinge.",
  };

  private Maps() {}

  /** A panel without figures. */
  static Panel panel(String instruction, int dims, float[] coordinates) {
    return new Panel(
        instruction, dims, coordinates, new double[0], List.of(), new int[0], List.of());
  }

  /** The same panel for points of other categories. */
  static Panel withoutLabels(Panel panel) {
    return new Panel(
        panel.instruction(),
        panel.dims(),
        panel.coordinates(),
        panel.explainedVariance(),
        panel.figures(),
        panel.neighbors(),
        List.of());
  }

  static List<String> sentences(int n) {
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String saying = SAYINGS[i / SUBJECTS.length % SAYINGS.length];
      sentences.add(saying.formatted(SUBJECTS[i % SUBJECTS.length], i));
    }
    return sentences;
  }

  static Points points(int n) {
    int[] categories = new int[n];
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      categories[i] = i % SUBJECTS.length;
      ids.add("row-" + i);
    }
    return new Points(
        sentences(n),
        Optional.of(ids),
        categories,
        List.of(SUBJECTS),
        Optional.of("subject"),
        n + 1L);
  }

  /** A panel whose points lie about one place for each category, and their labels there. */
  static Panel gathered(String instruction, int dims, int n, long seed) {
    Random random = new Random(seed);
    double[][] places = new double[SUBJECTS.length][3];
    List<Label> labels = new ArrayList<>();
    for (int c = 0; c < places.length; c++) {
      for (int axis = 0; axis < dims; axis++) {
        places[c][axis] = random.nextDouble() - 0.5;
      }
      labels.add(new Label(SUBJECTS[c], c, places[c][0], places[c][1], places[c][2]));
    }
    float[] coordinates = new float[n * dims];
    int[] neighbors = new int[n * 5];
    for (int i = 0; i < n; i++) {
      for (int axis = 0; axis < dims; axis++) {
        coordinates[i * dims + axis] =
            (float) (places[i % places.length][axis] + 0.06 * random.nextGaussian());
      }
      for (int k = 0; k < 5; k++) {
        neighbors[i * 5 + k] = (i + (k + 1) * SUBJECTS.length) % n;
      }
    }
    double[] variance = dims == 2 ? new double[] {0.21, 0.134} : new double[] {0.21, 0.134, 0.08};
    List<Figure> figures =
        List.of(new Figure("Agreement", "0.871", "how many of the ten nearest texts agree"));
    return new Panel(instruction, dims, coordinates, variance, figures, neighbors, labels);
  }
}
