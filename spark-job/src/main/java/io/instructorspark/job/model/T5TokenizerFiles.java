package io.instructorspark.job.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of a T5 tokenizer in Hugging Face's layout, made from a SentencePiece model. Behind the
 * model's pieces stand {@value #EXTRA} extra ids, the last first, as T5 has them (paper, section
 * 3.1.4: the sentinels of span corruption).
 */
final class T5TokenizerFiles {
  private static final int EXTRA = 100;
  private static final int ROWS_TOGETHER = 128;
  private static final int LONGEST_TEXT = 512;
  private static final String END = "</s>";
  private static final int END_ID = 1;
  private static final int UNKNOWN_ID = 2;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SentencePieceModel model;

  T5TokenizerFiles(SentencePieceModel model) {
    this.model = model;
  }

  /** How many ids there are. */
  int ids() {
    return model.pieces().size() + EXTRA;
  }

  /**
   * {@code vocab_size} for {@code config.json}: the ids, up to the next multiple of {@value
   * #ROWS_TOGETHER}, as T5's 32,100 ids have 32,128 rows.
   */
  int rows() {
    return (ids() + ROWS_TOGETHER - 1) / ROWS_TOGETHER * ROWS_TOGETHER;
  }

  /** The files' contents by their names. */
  Map<String, String> contents() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("special_tokens_map.json", pretty(specialTokens()));
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "T5Tokenizer").put("model_max_length", LONGEST_TEXT);
    config.setAll(specialTokens());
    config.put("extra_ids", EXTRA);
    files.put("tokenizer_config.json", pretty(config));
    files.put("tokenizer.json", written(tokenizer()));
    return files;
  }

  private static ObjectNode specialTokens() {
    return JSON.createObjectNode()
        .put("eos_token", END)
        .put("unk_token", "<unk>")
        .put("pad_token", "<pad>");
  }

  private ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.set("added_tokens", addedTokens());
    root.putObject("normalizer")
        .put("type", "Precompiled")
        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(model.characters()));
    ArrayNode steps =
        root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    steps.addObject().put("type", "WhitespaceSplit");
    steps.add(metaspace());
    root.set("post_processor", ending());
    root.set("decoder", metaspace());
    root.set("model", unigram());
    return root;
  }

  private ArrayNode addedTokens() {
    ArrayNode added = JSON.createArrayNode();
    for (int id = 0; id <= UNKNOWN_ID; id++) {
      special(added, id, model.pieces().get(id).text());
    }
    for (int id = model.pieces().size(); id < ids(); id++) {
      special(added, id, extra(id));
    }
    return added;
  }

  private static void special(ArrayNode added, int id, String content) {
    added
        .addObject()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private String extra(int id) {
    return "<extra_id_%d>".formatted(ids() - 1 - id);
  }

  private static ObjectNode metaspace() {
    return JSON.createObjectNode()
        .put("type", "Metaspace")
        .put("replacement", "▁")
        .put("prepend_scheme", "always")
        .put("split", true);
  }

  private static ObjectNode ending() {
    ObjectNode ending = JSON.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = ending.putArray("single");
    sequence(single, "A");
    end(single);
    ArrayNode pair = ending.putArray("pair");
    sequence(pair, "A");
    end(pair);
    sequence(pair, "B");
    end(pair);
    ObjectNode token = ending.putObject("special_tokens").putObject(END).put("id", END);
    token.putArray("ids").add(END_ID);
    token.putArray("tokens").add(END);
    return ending;
  }

  private static void sequence(ArrayNode template, String name) {
    template.addObject().putObject("Sequence").put("id", name).put("type_id", 0);
  }

  private static void end(ArrayNode template) {
    template.addObject().putObject("SpecialToken").put("id", END).put("type_id", 0);
  }

  private ObjectNode unigram() {
    ObjectNode unigram = JSON.createObjectNode().put("type", "Unigram").put("unk_id", UNKNOWN_ID);
    ArrayNode vocabulary = unigram.putArray("vocab");
    model
        .pieces()
        .forEach(piece -> vocabulary.addArray().add(piece.text()).add((double) piece.score()));
    for (int id = model.pieces().size(); id < ids(); id++) {
      vocabulary.addArray().add(extra(id)).add(0.0);
    }
    return unigram.put("byte_fallback", false);
  }

  private static String pretty(ObjectNode node) {
    return node.toPrettyString() + "\n";
  }

  private static String written(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers must be writable", e);
    }
  }
}
