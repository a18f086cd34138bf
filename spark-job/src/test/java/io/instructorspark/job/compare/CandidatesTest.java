package io.instructorspark.job.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.text.NamedInstruction;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final String REVIEW = "Represent the product review for classifying sentiment: ";

  @Test
  void theWrongInstructionSharesNoWordWithThoseThatAreGiven() {
    assertThat(WrongInstruction.against(List.of(REVIEW))).contains("chemical formula");
    assertThat(
            WrongInstruction.against(
                List.of(REVIEW, "Represent the chemical paper for finding its Law: ")))
        .contains("cooking recipe");
  }

  @Test
  void whereAllWrongOnesShareWordsTheFewestDecide() {
    assertThat(
            WrongInstruction.against(
                List.of("Chemical formula, rental contract, cooking, opening and inventor: ")))
        .contains("cooking recipe");
  }

  @Test
  void controlsAreAddedAndEqualInstructionsTriedOnce() {
    Candidates candidates =
        Candidates.of(
            List.of(
                Candidate.given(REVIEW),
                Candidate.template(REVIEW),
                Candidate.named("other", "Represent the other: ")),
            "Represent the moon: ");
    assertThat(candidates.all())
        .extracting(Candidate::kind)
        .containsExactly(
            Candidate.Kind.GIVEN, Candidate.Kind.NAMED, Candidate.Kind.NONE, Candidate.Kind.WRONG);
    assertThat(candidates.baseline().kind()).isEqualTo(Candidate.Kind.NONE);
  }

  @Test
  void columnsAreMeasuredAgainstTheOneWithoutAnInstruction() {
    Candidate first = Candidate.column("a", Optional.of(REVIEW));
    Candidate none = Candidate.column("b", Optional.of(""));
    Candidate unknown = Candidate.column("c", Optional.empty());
    assertThat(Candidates.ofColumns(List.of(first, none)).baseline()).isEqualTo(none);
    assertThat(Candidates.ofColumns(List.of(unknown, first)).baseline()).isEqualTo(unknown);
  }

  @Test
  void templatesAreMadeOfEveryPartAndOfNone() {
    Suggestions parts =
        new Suggestions(List.of("product"), List.of("review"), List.of("sentiment", "topic"));
    assertThat(parts.with(List.of(new NamedInstruction("x", "Represent it: ", "seldom"))))
        .extracting(one -> one.instruction().orElseThrow())
        .hasSize(2 * 2 * 3 + 1)
        .contains(
            "Represent the product review for topic: ",
            "Represent the review: ",
            "Represent the product text for sentiment: ",
            "Represent the text: ",
            "Represent it: ");
  }

  @Test
  void moreThanCanBeReadAreRefused() {
    List<String> many = IntStream.range(0, 100).mapToObj(i -> "part" + i).toList();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Suggestions(many, many, List.of()).with(List.of()))
        .withMessageContaining("10201 instructions");
  }
}
