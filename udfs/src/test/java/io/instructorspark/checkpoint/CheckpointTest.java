package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  @TempDir Path temp;

  @Nested
  class Opens {
    @ParameterizedTest
    @CsvSource({
      "tiny-base, 32, 8, 64, 2, 4, 32, 83232",
      "tiny-xl, 24, 16, 48, 3, 4, 16, 75176",
      "tiny-fp16, 32, 8, 64, 2, 4, 24, 82976",
      "tiny-sharded, 32, 16, 64, 2, 2, 32, 83168"
    })
    void theFixtures(
        String name,
        int dModel,
        int dKv,
        int dFf,
        int layers,
        int heads,
        int out,
        long parameters) {
      Checkpoint checkpoint = Checkpoint.open(Folders.fixture(name).toString());

      assertThat(checkpoint.config())
          .isEqualTo(new T5Config(2048, dModel, dKv, dFf, layers, heads, 32, 128, 1e-6));
      assertThat(checkpoint.dense())
          .isEqualTo(new DenseConfig(dModel, out, false, DenseActivation.IDENTITY));
      assertThat(checkpoint.maxSeqLength()).isEqualTo(512);
      assertThat(checkpoint.doLowerCase()).isFalse();
      assertThat(checkpoint.tokenizerJson()).startsWith("{").contains("Unigram");
      assertThat(checkpoint.parameterCount()).isEqualTo(parameters);
    }

    @Test
    void theBuiltInModel() throws IOException {
      Checkpoint checkpoint = Checkpoint.open("builtin:instructor-mini");

      assertThat(checkpoint.location()).isEqualTo("builtin:instructor-mini");
      assertThat(checkpoint.config())
          .isEqualTo(new T5Config(16128, 256, 64, 1024, 4, 4, 32, 128, 1e-6));
      try (Weights weights = checkpoint.openWeights()) {
        assertThat(weights.tensor("shared.weight").type()).isEqualTo(ElementType.BF16);
      }
    }

    @Test
    void whereverAFolderIsNamedFrom() {
      Path folder = Folders.copy("tiny-base", temp.resolve(""));
      Path relative = Path.of("").toAbsolutePath().relativize(folder);

      assertThat(Checkpoint.open(relative.toString()).config())
          .isEqualTo(Checkpoint.open(folder.toUri().toString()).config())
          .isEqualTo(Checkpoint.open("file:" + folder).config());
    }
  }

  @Nested
  class RefusesTheLocation {
    @ParameterizedTest
    @ValueSource(strings = {"dbfs:/m", "s3a://bucket/m", "hdfs:/m"})
    void inAStoreWhereNoneIsAtHand(String location) {
      assertThatThrownBy(() -> Checkpoint.open(location))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(location)
          .hasMessageContaining("which the Spark stages bring");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://huggingface.co/org/name", "http://x/y"})
    void onTheWeb(String location) {
      assertThatThrownBy(() -> Checkpoint.open(location))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(location)
          .hasMessageContaining("hf://org/name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"builtin:nothing", "builtin:", "builtin:../models/instructor-mini"})
    void ofABuiltInThatIsNotThere(String location) {
      assertThatThrownBy(() -> Checkpoint.open(location))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("builtin:instructor-mini");
    }

    @Test
    void thatIsMissing() {
      assertThatThrownBy(() -> Checkpoint.open(temp.resolve("gone").toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("no folder");
    }

    @Test
    void thatIsAFile() throws IOException {
      Path file = Files.createFile(temp.resolve("file"));

      assertThatThrownBy(() -> Checkpoint.open(file.toString())).hasMessageContaining("is a file");
    }

    @Test
    void thatIsNoCheckpoint() {
      assertThatThrownBy(() -> Checkpoint.open(temp.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("modules.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "file:relative", "file://host/folder", "file:///a b"})
    void thatIsNoPlace(String location) {
      assertThatThrownBy(() -> Checkpoint.open(location)).isInstanceOf(CheckpointException.class);
    }
  }

  @Nested
  class OfACopy {
    private Path folder;

    @BeforeEach
    void copy() {
      folder = Folders.copy("tiny-base", temp);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            config.json | "model_type": "t5" | "model_type": "mt5" | "mt5"
            config.json | "model_type": "t5" | "model_type": "bert" | "bert"
            config.json | "model_type": "t5" | "x": 1 | model_type is missing
            config.json | "feed_forward_proj": "relu" | "feed_forward_proj": "gated-gelu" | "gated-gelu"
            config.json | "dense_act_fn": "relu" | "dense_act_fn": "gelu_new" | "gelu_new"
            config.json | "is_gated_act": false | "is_gated_act": true | is_gated_act
            config.json | "d_model": 32 | "d_model": 0 | d_model must be between 1 and 65536, got 0
            config.json | "d_model": 32 | "d_model": "32" | d_model must be a whole number
            config.json | "d_model": 32 | "d_model": 32.5 | d_model must be a whole number
            config.json | "d_model": 32 | "d_model": 99999999999 | d_model must be a whole number
            config.json | "d_model": 32 | "x": 32 | d_model is missing
            config.json | "num_layers": 2 | "num_layers": 1025 | num_layers
            config.json | "vocab_size": 2048 | "vocab_size": 2047 | shared.weight has the shape [2048, 32], expected [2047, 32]
            config.json | "num_layers": 2 | "num_layers": 3 | encoder.block.2.layer.0.SelfAttention.q.weight
            config.json | "relative_attention_num_buckets": 32 | "relative_attention_num_buckets": 31 | even
            config.json | "relative_attention_max_distance": 128 | "relative_attention_max_distance": 8 | must exceed a quarter
            config.json | "layer_norm_epsilon": 1e-06 | "layer_norm_epsilon": 0 | layer_norm_epsilon
            config.json | "vocab_size": 2048 | "vocab_size": 2048, | not valid JSON
            1_Pooling/config.json | "pooling_mode_cls_token": false | "pooling_mode_cls_token": true | pooling_mode_cls_token is true
            1_Pooling/config.json | "pooling_mode_max_tokens": false | "pooling_mode_max_tokens": true | pooling_mode_max_tokens is true
            1_Pooling/config.json | "pooling_mode_mean_sqrt_len_tokens": false | "pooling_mode_lasttoken": true | pooling_mode_lasttoken is true
            1_Pooling/config.json | "pooling_mode_mean_tokens": true | "pooling_mode_mean_tokens": false | pooling_mode_mean_tokens is false
            1_Pooling/config.json | "pooling_mode_mean_tokens": true | "pooling_mode": "lasttoken" | "lasttoken"
            2_Dense/config.json | linear.Identity | activation.ReLU | torch.nn.modules.activation.ReLU
            2_Dense/config.json | "in_features": 32 | "in_features": 64 | d_model is 32
            2_Dense/config.json | "out_features": 32 | "out_features": 31 | linear.weight has the shape [32, 32], expected [31, 32]
            2_Dense/config.json | "bias": false | "bias": true | linear.bias
            sentence_bert_config.json | "max_seq_length": 512 | "max_seq_length": 0 | max_seq_length
            sentence_bert_config.json | "do_lower_case": false | "do_lower_case": "no" | do_lower_case must be true or false
            modules.json | "2_Dense" | "../2_Dense" | leads out of the checkpoint
            modules.json | "2_Dense" | "/2_Dense" | leads out of the checkpoint
            modules.json | "2_Dense" | "a/../../2_Dense" | leads out of the checkpoint
            modules.json | "2_Dense" | "C:\\\\2_Dense" | leads out of the checkpoint
            modules.json | models.Pooling | models.WeightedLayerPooling | WeightedLayerPooling
            modules.json | models.Normalize | models.LayerNorm | LayerNorm
            modules.json | models.Normalize | models.Dense | expected [Transformer, Pooling, Dense, Normalize]
            modules.json | models.Dense | models.Normalize | lists no Dense module
            """)
    void refusesASetting(String file, String old, String replacement, String message) {
      Folders.replace(folder.resolve(file), old, replacement);

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            config.json | "feed_forward_proj": "relu" | "n_positions": 512
            config.json | "relative_attention_max_distance": 128 | "task_specific_params": {"a": [1]}
            config.json | "relative_attention_num_buckets": 32 | "relative_attention_num_buckets": null
            config.json | "layer_norm_epsilon": 1e-06 | "x": 1
            1_Pooling/config.json | 768 | 5
            2_Dense/config.json | linear.Identity | activation.Tanh
            sentence_bert_config.json | "max_seq_length": 512 | "max_seq_length": null
            modules.json | sentence_transformers.models.Transformer | sentence_transformers.base.modules.Transformer
            modules.json | sentence_transformers.models.Pooling | InstructorEmbedding.instructor.INSTRUCTOR_Pooling
            """)
    void accepts(String file, String old, String replacement) {
      Folders.replace(folder.resolve(file), old, replacement);

      assertThat(Checkpoint.open(folder.toString()).config())
          .isEqualTo(new T5Config(2048, 32, 8, 64, 2, 4, 32, 128, 1e-6));
    }

    @Test
    void readsTheSentenceConfig() {
      Path file = folder.resolve("sentence_bert_config.json");
      Folders.replace(file, "512", "77");
      Folders.replace(file, "false", "true");
      Checkpoint checkpoint = Checkpoint.open(folder.toString());

      assertThat(checkpoint.maxSeqLength()).isEqualTo(77);
      assertThat(checkpoint.doLowerCase()).isTrue();
    }

    @Test
    void doesWithoutASentenceConfig() throws IOException {
      Files.delete(folder.resolve("sentence_bert_config.json"));

      assertThat(Checkpoint.open(folder.toString()).maxSeqLength()).isEqualTo(512);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2_Dense/config.json", "2_Dense/model.safetensors"})
    void explainsWhatAMissingDenseLayerMeans(String file) throws IOException {
      Files.delete(folder.resolve(file));

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("INSTRUCTOR projects after pooling");
    }

    @Test
    void explainsWhatAnUnlistedDenseLayerMeans() throws IOException {
      Files.writeString(
          folder.resolve("modules.json"),
          """
          [{"type": "a.Transformer", "path": ""}, {"type": "a.Pooling", "path": "1_Pooling"}]
          """);

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .hasMessageContaining("INSTRUCTOR projects after pooling");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"config.json", "tokenizer.json", "1_Pooling/config.json", "model.safetensors"})
    void namesAMissingFile(String file) throws IOException {
      Files.delete(folder.resolve(file));

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(file)
          .hasMessageContaining("Download the whole repository");
    }
  }

  @Nested
  class OfShards {
    private Path folder;
    private Path index;

    @BeforeEach
    void copy() {
      folder = Folders.copy("tiny-sharded", temp);
      index = folder.resolve("model.safetensors.index.json");
    }

    @Test
    void refusesOneOutsideTheFolder() {
      Folders.replace(index, "model-00001-of", "../model-00001-of");

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("leads out of the checkpoint");
    }

    @Test
    void namesAMissingOne() throws IOException {
      Files.delete(folder.resolve("model-00002-of-00002.safetensors"));

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model-00002-of-00002.safetensors");
    }

    @Test
    void namesATensorThatIsNotWhereTheIndexSays() {
      Folders.replace(
          index,
          "\"shared.weight\": \"model-00002-of-00002",
          "\"shared.weight\": \"model-00001-of-00002");

      assertThatThrownBy(() -> Checkpoint.open(folder.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("shared.weight is in");
    }
  }

  @Nested
  class TheFingerprint {
    private Path folder;
    private String before;

    @BeforeEach
    void copy() {
      folder = Folders.copy("tiny-base", temp);
      before = Checkpoint.open(folder.toString()).fingerprint();
    }

    @Test
    void isASha256ThatDoesNotDependOnThePlace() {
      assertThat(before)
          .matches("[0-9a-f]{64}")
          .isEqualTo(Checkpoint.open(Folders.fixture("tiny-base").toString()).fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "model.safetensors",
          "2_Dense/model.safetensors",
          "config.json",
          "tokenizer.json",
          "sentence_bert_config.json",
          "1_Pooling/config.json",
          "modules.json"
        })
    void changesWithOneByteOf(String file) throws IOException {
      Path path = folder.resolve(file);
      byte[] content = Files.readAllBytes(path);
      if (file.endsWith(".safetensors")) {
        content[content.length - 1] ^= 1;
      } else {
        content =
            (new String(content, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8);
      }
      Files.write(path, content);

      assertThat(Checkpoint.open(folder.toString()).fingerprint()).isNotEqualTo(before);
    }

    @Test
    void isKnownToBeThatOfOtherFilesOnceOneWasReplaced() throws IOException {
      Checkpoint checkpoint = Checkpoint.open(folder.toString());
      assertThat(checkpoint.fingerprint()).isEqualTo(before);
      checkpoint.requireUnchanged();
      Path weights = folder.resolve("model.safetensors");
      byte[] content = Files.readAllBytes(weights);
      content[content.length - 1] ^= 1;
      Files.write(weights, content);

      assertThatThrownBy(checkpoint::requireUnchanged)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(folder + " changed while it was read");
    }

    @Test
    void doesNotSeeFilesThatAreNotRead() throws IOException {
      Files.writeString(folder.resolve("README.md"), "more words");
      Files.writeString(folder.resolve("tokenizer_config.json"), "{}");

      assertThat(Checkpoint.open(folder.toString()).fingerprint()).isEqualTo(before);
    }

    @Test
    void isTheSameFromTheClassPath() throws Exception {
      Path models =
          Path.of(
              Checkpoint.class.getResource("/io/instructorspark/models/instructor-mini").toURI());

      assertThat(Checkpoint.open("builtin:instructor-mini").fingerprint())
          .isEqualTo(Checkpoint.open(models.toString()).fingerprint());
    }
  }
}
