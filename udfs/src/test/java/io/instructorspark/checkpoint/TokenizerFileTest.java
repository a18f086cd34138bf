package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted; what is refused stands in {@link HostileTokenizers}. */
class TokenizerFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPACES =
      "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\"▁\"}";

  private final ObjectNode tokenizer = fixture();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"always\",\"split\":true}",
        "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"add_prefix_space\":true}",
        "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},"
            + "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"str_rep\":\"▁\",\"add_prefix_space\":true}]}"
      })
  void mayCutTextsAsAnyVersionOfT5sTokenizerDid(String preTokenizer) {
    tokenizer.set("pre_tokenizer", HostileTokenizers.tree(preTokenizer));

    assertAccepted();
  }

  @Test
  void mayNormaliseInSteps() {
    ArrayNode steps = JSON.createArrayNode().add(tokenizer.get("normalizer"));
    steps.add(
        HostileTokenizers.tree("{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true}"));
    steps.add(HostileTokenizers.tree(SPACES)).add(HostileTokenizers.tree("{\"type\":\"NFKC\"}"));
    tokenizer.set(
        "normalizer", JSON.createObjectNode().put("type", "Sequence").set("normalizers", steps));

    assertAccepted();
  }

  @Test
  void maySayHowToCutAndFill() {
    tokenizer.set(
        "truncation",
        HostileTokenizers.tree(
            "{\"direction\":\"Right\",\"max_length\":512,\"strategy\":\"LongestFirst\",\"stride\":0}"));
    tokenizer.set(
        "padding", HostileTokenizers.tree("{\"strategy\":\"BatchLongest\",\"pad_id\":0}"));
    tokenizer.putNull("decoder");

    assertAccepted();
  }

  @Test
  void mayAddATokenToTheVocabularyWhereTheEmbeddingHasARowForIt() {
    ((ArrayNode) tokenizer.get("added_tokens"))
        .addObject()
        .put("id", 2047)
        .put("content", "<mine>")
        .put("special", false);

    assertAccepted();
  }

  @Test
  void mayHaveAMapOfCharactersThatLeadsInCircles() {
    ByteBuffer map = ByteBuffer.allocate(4 + 2048 + 2).order(ByteOrder.LITTLE_ENDIAN).putInt(2048);
    for (int at = 0; at < 512; at++) {
      map.putInt(at & 0xff | (at & 0xff | 0x100) << 10); // every byte leads on, none to a leaf
    }
    ((ObjectNode) tokenizer.get("normalizer"))
        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(map.array()));

    assertAccepted();
  }

  @Test
  void isNamedWhereItIsRefused() {
    ((ObjectNode) tokenizer.get("model")).put("type", "BPE");

    assertThatThrownBy(() -> check())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("/models/x/tokenizer.json", "\"BPE\", expected \"Unigram\"");
  }

  private void assertAccepted() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  private void check() {
    T5Config config = new T5Config(2048, 32, 8, 64, 2, 4, 32, 128, 1e-6);
    TokenizerFile.check(tokenizer.toString(), "/models/x/tokenizer.json", config);
  }

  private static ObjectNode fixture() {
    try {
      return (ObjectNode)
          JSON.readTree(Folders.fixture("tiny-base").resolve("tokenizer.json").toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
