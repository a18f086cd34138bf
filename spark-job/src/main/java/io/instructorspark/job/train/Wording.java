package io.instructorspark.job.train;

import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.Example.Side;
import java.util.List;
import java.util.Map;

/**
 * How the instructions of a record are worded this time: as they are, as a paraphrase, or not at
 * all. A function of seed, step and the record's place in the batch. Paper section 4.3: a model
 * that has seen paraphrases does not hang on the words of an instruction.
 */
final class Wording {
  private static final long PARAPHRASE = 3;
  private static final long DROPOUT = 4;

  private final List<Map<String, List<String>>> paraphrases;
  private final double dropout;
  private final long seed;

  /** As a recipe says. */
  Wording(Recipe recipe) {
    this.paraphrases = recipe.data().stream().map(DataSource::paraphrases).toList();
    this.dropout = recipe.training().instructionDropout();
    this.seed = recipe.training().batches().seed();
  }

  /**
   * The record as it is read this time. Without instructions, all of its texts are; else each text
   * has its instruction or, each as likely, one of its paraphrases.
   *
   * @param source of the record's task: its place in the recipe's {@code data}
   * @param step from 0
   * @param place of the record in the batch, from 0
   */
  Example of(Example example, int source, int step, int place) {
    if (Draw.share(seed, DROPOUT, step, place) < dropout) {
      return new Example(
          bare(example.query()),
          bare(example.positive()),
          example.negative() == null ? null : bare(example.negative()),
          example.label());
    }
    Map<String, List<String>> known = paraphrases.get(source);
    if (known.isEmpty()) {
      return example;
    }
    return new Example(
        worded(known, example.query(), Draw.bits(seed, PARAPHRASE, step, place, 0)),
        worded(known, example.positive(), Draw.bits(seed, PARAPHRASE, step, place, 1)),
        example.negative() == null
            ? null
            : worded(known, example.negative(), Draw.bits(seed, PARAPHRASE, step, place, 2)),
        example.label());
  }

  private static Side bare(Side text) {
    return text.withInstruction("");
  }

  private static Side worded(Map<String, List<String>> known, Side text, long drawn) {
    List<String> others = known.getOrDefault(text.instruction(), List.of());
    int choice = Draw.below(others.size() + 1, drawn);
    return choice == others.size() ? text : text.withInstruction(others.get(choice));
  }
}
