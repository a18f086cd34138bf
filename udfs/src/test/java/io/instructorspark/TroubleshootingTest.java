package io.instructorspark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages that docs/troubleshooting.md explains are those that the code prints. */
class TroubleshootingTest {
  private static final Path PAGE = Path.of("../docs/troubleshooting.md");
  private static final String ELSEWHERE = "## Messages of Spark, Java and the system";

  /**
   * Literals that are one string: put together by a plus in Java and Scala, by nothing in Python.
   */
  private static final Pattern SEAM = Pattern.compile("\"\\s*\\+\\s*\"|\"\\s*\\R\\s*f?\"");

  private static final List<String> SOURCES = sources();

  static List<String> messages() throws IOException {
    String own = Files.readString(PAGE).split(ELSEWHERE)[0];
    return own.lines()
        .filter(line -> line.startsWith("### "))
        .map(line -> line.substring(4))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isPrintedByTheCode(String heading) {
    assertThat(heading).startsWith("`").endsWith("`");
    String parts =
        Stream.of(heading.substring(1, heading.length() - 1).split("…"))
            .filter(part -> !part.isBlank())
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    assertThat(parts).as("words of the message").isNotEmpty();
    assertThat(SOURCES).as(heading).anyMatch(Pattern.compile(parts).asPredicate());
  }

  @Test
  void wouldMissAMessageThatNobodyPrints() {
    Pattern other =
        Pattern.compile(Pattern.quote("this session cannot take the battered operator"));
    assertThat(SOURCES).noneMatch(other.asPredicate());
  }

  /** Each source with its literals put together and without escapes. */
  private static List<String> sources() {
    return Stream.of(
            "../udfs/src/main/java",
            "../udfs/src/main/python",
            "../spark-job/src/main/java",
            "../scripts/lib",
            "../scripts/instructor")
        .map(Path::of)
        .flatMap(TroubleshootingTest::files)
        .map(TroubleshootingTest::text)
        .map(source -> SEAM.matcher(source).replaceAll("").replace("\\\"", "\"").replace("%%", "%"))
        .toList();
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".pyc"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
