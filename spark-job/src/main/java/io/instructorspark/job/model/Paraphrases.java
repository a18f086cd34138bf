package io.instructorspark.job.model;

import java.util.List;

/**
 * Sentences of which anybody says which two belong together, though the other two share more words:
 * what a trained encoder knows and a random one cannot.
 *
 * @param sentence the one in question
 * @param paraphrase says much the same in other words
 * @param unrelated says another thing in like words
 */
record Paraphrases(String sentence, String paraphrase, String unrelated) {
  /** In English, as all published INSTRUCTOR models are. */
  static final List<Paraphrases> ALL =
      List.of(
          new Paraphrases(
              "A man is slicing an onion.",
              "Somebody is cutting up vegetables.",
              "A man is driving an old lorry."),
          new Paraphrases(
              "The train was delayed by heavy snow.",
              "Bad winter weather made our train late.",
              "The book was written by a young lady."),
          new Paraphrases(
              "She is a doctor at the hospital.",
              "Her job is to treat sick people in a clinic.",
              "She is a singer at the theatre."),
          new Paraphrases(
              "The company fired half of its workers.",
              "Many employees of the firm lost their jobs.",
              "The museum showed half of its paintings."),
          new Paraphrases(
              "Prices of houses have risen sharply.",
              "Homes have become much more expensive.",
              "Groups of tourists have come again."),
          new Paraphrases(
              "A woman plays the guitar.", "A lady is making music.", "A woman paints the fence."),
          new Paraphrases(
              "A cat is sleeping on the sofa.",
              "A kitten rests on the couch.",
              "A cup is standing on the table."),
          new Paraphrases(
              "A man is riding a bicycle.",
              "A person cycles down the street.",
              "A man is cooking a soup."),
          new Paraphrases(
              "The soldiers were killed in an attack.",
              "Troops died in an assault.",
              "The apples were picked in an orchard."),
          new Paraphrases(
              "The car would not start.",
              "My vehicle's engine is broken.",
              "The baby would not sleep."),
          new Paraphrases(
              "The team won the match.",
              "Our side was victorious in the game.",
              "The nurse closed the door."),
          new Paraphrases(
              "A boy is kicking a ball.", "A child plays soccer.", "A boy is holding a spoon."));
}
