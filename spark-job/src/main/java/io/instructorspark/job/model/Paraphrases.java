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
              "A man is slicing an onion in the kitchen.",
              "Somebody cuts vegetables for dinner.",
              "A man is painting the walls in the kitchen."),
          new Paraphrases(
              "The train was delayed by heavy snow.",
              "Bad winter weather made our rail journey late.",
              "The train has new and comfortable seats."),
          new Paraphrases(
              "She is a doctor at the hospital.",
              "Her job is to treat sick people in a clinic.",
              "She is a singer at the theatre."),
          new Paraphrases(
              "The phone's battery runs out too quickly.",
              "I have to charge this mobile several times a day.",
              "The phone's camera takes beautiful pictures."),
          new Paraphrases(
              "A dog runs along the beach.",
              "The puppy is playing by the sea.",
              "A road runs along the border."),
          new Paraphrases(
              "The company fired half of its workers.",
              "Many employees of the firm lost their jobs.",
              "The company closed half of its windows."),
          new Paraphrases(
              "How can I lose weight?",
              "What is a good way to become slimmer?",
              "How can I lose this game?"),
          new Paraphrases(
              "The film was boring from start to end.",
              "I found this movie terribly dull.",
              "The race was close from start to end."),
          new Paraphrases(
              "Prices of houses have risen sharply.",
              "Homes have become much more expensive.",
              "Rows of houses have small gardens."),
          new Paraphrases(
              "A woman plays the guitar on stage.",
              "A lady performs music at a concert.",
              "A woman sweeps the floor on stage."),
          new Paraphrases(
              "The government will raise taxes next year.",
              "Citizens must soon pay more to the state.",
              "The farmer will raise goats next year."),
          new Paraphrases(
              "Two boys are swimming in the lake.",
              "A pair of kids is in the water.",
              "Two boys are sitting in the class."));
}
