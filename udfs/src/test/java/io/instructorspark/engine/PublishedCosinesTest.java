package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.text.Compatibility;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The cosines that the documentation of sentence-transformers prints for the real instructor-large.
 * For whoever has the weights; CONTRIBUTING.md says how.
 */
class PublishedCosinesTest {
  private static final String MODEL = "INSTRUCTOR_LARGE";
  private static final String EXAMPLE = "INSTRUCTOR_LARGE_EXAMPLE";
  private static final double[] PUBLISHED = {0.8835, 0.7037, 0.6970};
  private static final double TOLERANCE = 5e-4;

  private static String given(String name, String what) {
    String property = System.getProperty(name, System.getenv(name));
    assumeTrue(
        property != null && !property.isBlank(),
        "not run: set the environment variable or system property %s to %s, see CONTRIBUTING.md"
            .formatted(name, what));
    return property;
  }

  @Test
  void areOurs() throws IOException {
    String location = given(MODEL, "the location of hkunlp/instructor-large");
    String file = given(EXAMPLE, "a JSON file with the texts of the example");
    JsonNode example = new ObjectMapper().readTree(new File(file));
    List<String> corpus =
        List.of(
            example.required("corpus").get(0).textValue(),
            example.required("corpus").get(1).textValue(),
            example.required("corpus").get(2).textValue());
    Checkpoint checkpoint = Checkpoint.open(location);
    try (InstructorModel model = InstructorModel.load(checkpoint, Device.CPU, Precision.FP32)) {
      TextEmbedder embedder =
          model.embedder(
              Fixtures.spec(checkpoint, Compatibility.ST, checkpoint.maxSeqLength()),
              EmbedOptions.DEFAULT);
      String instruction = example.required("corpus_instruction").textValue();
      float[] query =
          embedder
              .embed(
                  List.of(example.required("query_instruction").textValue()),
                  List.of(example.required("query").textValue()))
              .rows()
              .get(0)
              .vector();
      List<Embedding> documents =
          embedder.embed(List.of(instruction, instruction, instruction), corpus).rows();
      for (int i = 0; i < PUBLISHED.length; i++) {
        assertThat(VectorMath.cosine(query, documents.get(i).vector()))
            .as("cosine of the query and document %d", i + 1)
            .isCloseTo(PUBLISHED[i], within(TOLERANCE));
      }
    }
  }
}
