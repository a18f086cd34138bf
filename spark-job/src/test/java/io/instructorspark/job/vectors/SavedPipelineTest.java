package io.instructorspark.job.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.VectorOrigin;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SavedPipelineTest {
  private static VectorOrigin origin(String compatibility) {
    InstructorEmbedder stage =
        new InstructorEmbedder().setInstruction("Represent: ").setCompatibility(compatibility);
    StructType texts = new StructType().add("text", DataTypes.StringType);
    return VectorOrigin.of(stage.transformSchema(texts).apply("embedding")).orElseThrow();
  }

  @Test
  void beginWithTheStageThatMadeTheVectors() {
    InstructorEmbedder stage =
        SavedPipeline.embedder(Optional.of(origin("st")), "body").orElseThrow();
    assertThat(stage.getInputCol()).isEqualTo("body");
    assertThat(stage.getCompatibility()).isEqualTo("st");
    assertThat(stage.getInstruction()).isEqualTo("Represent: ");
    assertThat(stage.getOutputType()).isEqualTo("vector");
    assertThat(SavedPipeline.embedder(Optional.empty(), "body")).isEmpty();
  }

  @Test
  void refuseVectorsOfAnotherMode() {
    SavedPipeline saved =
        new SavedPipeline(SavedPipeline.embedder(Optional.of(origin("v1_0_1")), "text"), null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saved.requireComparable(Optional.of(origin("st"))))
        .withMessageContaining("compatibility is")
        .withMessageContaining("embed the rows with the model");
    assertThatCode(() -> saved.requireComparable(Optional.of(origin("v1_0_1"))))
        .doesNotThrowAnyException();
    assertThatCode(() -> saved.requireComparable(Optional.empty())).doesNotThrowAnyException();
  }

  @Test
  void refuseAModelThatIsAnotherOneNow() {
    VectorOrigin made = origin("v1_0_1");
    VectorOrigin other =
        new VectorOrigin(
            made.model(),
            "0".repeat(64),
            made.compatibility(),
            made.precision(),
            made.maxLength(),
            made.dimension(),
            made.instruction());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SavedPipeline.embedder(Optional.of(other), "text"))
        .withMessageContaining("different models");
  }
}
