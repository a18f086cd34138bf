package io.instructorspark.job.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionTest {
  private static Confusion some() {
    Confusion confusion = new Confusion(List.of("a", "b", "c"));
    confusion.add("a", "a", 6);
    confusion.add("a", "b", 2);
    confusion.add("b", "b", 1);
    confusion.add("b", "a", 1);
    confusion.add("b", null, 4);
    confusion.addUnseen(3);
    confusion.addUnlabelled(5);
    return confusion;
  }

  @Test
  void countsWhatCannotBeScoredApart() {
    Confusion confusion = some();
    assertThat(confusion.scored()).isEqualTo(10);
    assertThat(confusion.unpredicted()).isEqualTo(4);
    assertThat(confusion.unseen()).isEqualTo(3);
    assertThat(confusion.unlabelled()).isEqualTo(5);
    assertThat(confusion.accuracy()).isEqualTo(0.7);
  }

  @Test
  void scoresEachLabelThatOccurs() {
    List<Confusion.ClassScore> classes = some().classes();
    assertThat(classes).extracting(Confusion.ClassScore::label).containsExactly("a", "b");
    assertThat(classes.get(0))
        .isEqualTo(new Confusion.ClassScore("a", 6 / 7.0, 6 / 8.0, 12 / 15.0, 8));
    assertThat(classes.get(1))
        .isEqualTo(new Confusion.ClassScore("b", 1 / 3.0, 1 / 2.0, 2 / 5.0, 2));
    assertThat(some().macroF1()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void listsWhatIsNotZeroInTheOrderOfLabels() {
    assertThat(some().cells())
        .containsExactly(
            new Confusion.Cell("a", "a", 6),
            new Confusion.Cell("a", "b", 2),
            new Confusion.Cell("b", "a", 1),
            new Confusion.Cell("b", "b", 1));
  }

  @Test
  void addsUp() {
    Confusion twice = some();
    twice.addAll(some());
    assertThat(twice.scored()).isEqualTo(20);
    assertThat(twice.unseen()).isEqualTo(6);
    assertThat(twice.unpredicted()).isEqualTo(8);
    assertThat(twice.accuracy()).isEqualTo(0.7);
  }

  @Test
  void ofNothingHasNoAccuracy() {
    Confusion none = new Confusion(List.of("a", "b"));
    assertThat(none.accuracy()).isNaN();
    assertThat(none.macroF1()).isNaN();
    assertThat(none.cells()).isEmpty();
  }
}
