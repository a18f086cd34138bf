package io.instructorspark.job.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the clusters are about; small, whatever the number of rows.
 *
 * @param groups the clusters that have a row, in the order of their numbers
 * @param silhouette mean over the rows, by cosine, from -1 to 1; empty where one cluster has rows
 */
record Description(List<Group> groups, OptionalDouble silhouette) {
  private static final int TERMS_OF_A_NAME = 3;

  /** A term and what it weighs. */
  record Term(String term, double weight) {}

  /**
   * A row.
   *
   * @param id empty where there is no id column
   * @param text its beginning; empty where there is no text column
   * @param distance from the centre, by cosine
   * @param second the cluster whose centre is next; empty where there is none
   * @param margin by how much that is farther
   */
  record Example(
      Optional<String> id,
      Optional<String> text,
      double distance,
      Optional<Integer> second,
      Optional<Double> margin) {}

  /**
   * A cluster.
   *
   * @param cohesion mean cosine of its rows and its centre
   * @param terms the weightiest first
   * @param nearest rows nearest to the centre
   * @param doubtful rows that are nearly as near to another centre
   */
  record Group(
      int cluster,
      long size,
      double cohesion,
      List<Term> terms,
      List<Example> nearest,
      List<Example> doubtful) {
    /** The first terms that share no word. */
    String name() {
      List<String> chosen = new ArrayList<>();
      Set<String> words = new HashSet<>();
      for (Term term : terms) {
        List<String> its = Arrays.asList(term.term().split(" "));
        if (chosen.size() < TERMS_OF_A_NAME && its.stream().noneMatch(words::contains)) {
          chosen.add(term.term());
          words.addAll(its);
        }
      }
      return chosen.isEmpty() ? "cluster " + cluster : String.join(" · ", chosen);
    }
  }

  /** Rows in clusters. */
  long rows() {
    return groups.stream().mapToLong(Group::size).sum();
  }

  /** Name of a cluster that may have no row. */
  String name(int cluster) {
    return groups.stream()
        .filter(group -> group.cluster() == cluster)
        .findFirst()
        .map(Group::name)
        .orElse("cluster " + cluster);
  }
}
