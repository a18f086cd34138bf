package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.engine.training.Example.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records by their numbers. */
class ExampleFileTest {
  @TempDir private Path folder;

  private Path file(List<String> lines) throws IOException {
    return Files.writeString(folder.resolve("task-0000.jsonl"), String.join("", lines));
  }

  private static String line(int number) {
    return "{\"query\":[\"Find: \",\"q%d ü🌾\"],\"pos\":[\"\",\"p%d\"],\"neg\":%s,\"label\":%s}\n"
        .formatted(
            number,
            number,
            number % 2 == 0 ? "null" : "[\"Not: \",\"n%d\"]".formatted(number),
            number % 3 == 0 ? "\"three\"" : "null");
  }

  @Test
  void areReadInAnyOrderByManyThreads() throws IOException {
    Path written = file(IntStream.range(0, 3_000).mapToObj(ExampleFileTest::line).toList());
    try (ExampleFile records = new ExampleFile(written, 3_000)) {
      assertThat(records.size()).isEqualTo(3_000);
      boolean right =
          IntStream.range(0, 30_000)
              .parallel()
              .map(i -> (i * 7_919) % 3_000)
              .allMatch(
                  i ->
                      records.record(i).query().equals(new Side("Find: ", "q%d ü🌾".formatted(i))));
      assertThat(right).isTrue();
    }
  }

  @Test
  void sayWhatTheyLack() throws IOException {
    try (ExampleFile records = new ExampleFile(file(List.of(line(2), line(3))), 2)) {
      assertThat(records.record(0).negative()).isNull();
      assertThat(records.record(0).label()).isNull();
      assertThat(records.record(1).negative()).isEqualTo(new Side("Not: ", "n3"));
      assertThat(records.record(1).label()).isEqualTo("three");
    }
  }

  @Test
  void areRefusedWhereTheFileIsNotAsItWasPrepared() throws IOException {
    Path written = file(List.of(line(1), line(2)));
    assertThatThrownBy(() -> new ExampleFile(written, 3).close())
        .isInstanceOf(PreparationException.class)
        .hasMessageContainingAll("task-0000.jsonl", "2 lines", "3");
    Path cut = file(List.of(line(1), "{\"query\":"));
    assertThatThrownBy(() -> new ExampleFile(cut, 1).close())
        .isInstanceOf(PreparationException.class);
    Path other = file(List.of("{\"query\":[\"a\"],\"pos\":null}\n"));
    try (ExampleFile records = new ExampleFile(other, 1)) {
      assertThatThrownBy(() -> records.record(0))
          .isInstanceOf(PreparationException.class)
          .hasMessageContaining("query");
    }
  }
}
