package io.instructorspark.job.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/reference says what the code says. {@code scripts/reference} writes it anew. */
class ReferenceTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)#([^)]+)\\)");

  @ParameterizedTest
  @EnumSource(ReferencePage.class)
  void saysWhatTheCodeSays(ReferencePage page) throws IOException {
    String markdown = page.markdown();
    if (Boolean.getBoolean("reference.write")) {
      Files.createDirectories(page.file().getParent());
      Files.writeString(page.file(), markdown);
    }
    assertThat(page.file())
        .as("the code says otherwise than %s; scripts/reference writes it anew", page.file())
        .hasContent(markdown);
  }

  @ParameterizedTest
  @EnumSource(ReferencePage.class)
  void linksLeadToHeadings(ReferencePage page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page.file()));
    assertThat(link.find()).isTrue();
    do {
      Path file = link.group(1).isEmpty() ? page.file() : page.file().resolveSibling(link.group(1));
      assertThat(Files.readAllLines(file))
          .as(link.group())
          .filteredOn(line -> line.startsWith("#"))
          .map(heading -> Markdown.anchor(heading.replaceFirst("^#+ ", "")))
          .contains(link.group(2));
    } while (link.find());
  }

  static Stream<SqlPage.Example> examples() {
    return SqlPage.examples().stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesPrintWhatTheySay(SqlPage.Example example) {
    assertThat(SqlPage.printed(example.query())).isEqualTo(example.result());
  }

  @ParameterizedTest(name = "{1} of {0} as {3} of {2}")
  @CsvSource({
    "embed,     --model,                InstructorEmbedder, model",
    "embed,     --device,               InstructorEmbedder, device",
    "embed,     --precision,            InstructorEmbedder, precision",
    "embed,     --compat,               InstructorEmbedder, compatibility",
    "embed,     --long-text,            InstructorEmbedder, longText",
    "embed,     --window-size,          InstructorEmbedder, windowSize",
    "neighbors, --k,                    NearestNeighbors,   k",
    "neighbors, --min-similarity,       NearestNeighbors,   minSimilarity",
    "classify,  --classifier,           VectorClassifier,   algorithm",
    "classify,  --k,                    VectorClassifier,   k",
    "classify,  --regularization,       VectorClassifier,   regularization",
    "classify,  --class-weights,        VectorClassifier,   classWeights",
    "classify,  --max-iterations,       VectorClassifier,   maxIter",
    "cluster,   --term-weighting,       TopicTerms,         weighting",
    "map,       --dims,                 SemanticMap,        k",
  })
  void optionsSayTheDefaultsOfTheirParams(String command, String option, String stage, String param)
      throws Exception {
    PipelineStage made =
        (PipelineStage)
            Class.forName("io.instructorspark.spark." + stage).getConstructor().newInstance();
    String byDefault = made.getDefault(made.getParam(param)).get().toString();
    assertThat(CommandLinePage.defaultOf(command, option))
        .isEqualTo(byDefault.replaceFirst("[.]0$", ""));
  }

  @Test
  void settingsThatAreNamedAnywhereAreThere() throws IOException {
    assertThat(ConfigurationPage.namedSettings())
        .isNotEmpty()
        .allSatisfy((key, file) -> assertThat(ConfigurationPage.keys()).as(file).contains(key));
  }

  @Test
  void launcherSaysWhichVariablesItReads() throws IOException {
    assertThat(ConfigurationPage.launcherVariables().keySet())
        .containsExactlyInAnyOrderElementsOf(ConfigurationPage.variablesThatTheLauncherReads());
  }
}
