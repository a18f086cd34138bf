package io.instructorspark.engine;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.Arrays;

/**
 * Hugging Face's own tokenizer over a checkpoint's {@code tokenizer.json}, without truncation or
 * padding: the window is the engine's business. Thread-safe; every call works in the calling thread
 * only.
 */
final class T5Tokenizer implements AutoCloseable {
  /** The id of {@code </s>} in every T5 vocabulary; the tokenizer puts it last. */
  static final int EOS = 1;

  private final TokenizersLibrary library = TokenizersLibrary.LIB;
  private final long handle;

  /**
   * @param json content of {@code tokenizer.json}
   * @param location where it comes from, for messages
   * @throws EngineException if the library refuses it or it does not end texts with {@code </s>}
   */
  T5Tokenizer(String json, String location) {
    try {
      LibUtils.checkStatus(); // loads the native library
      handle = library.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new EngineException(
          "%s: tokenizer.json cannot be read by Hugging Face's tokenizers library: %s"
              .formatted(location, e.getMessage()),
          e);
    }
    library.disableTruncation(handle);
    library.disablePadding(handle);
    int[] empty = encode("");
    if (empty.length != 1 || empty[0] != EOS) {
      close();
      throw new EngineException(
          "%s: tokenizer.json gives %s for the empty text where a T5 tokenizer gives [1], its </s>. It belongs to another kind of model."
              .formatted(location, Arrays.toString(empty)));
    }
  }

  /** Token ids of the whole text, {@code </s>} last. Cost: linear in the text. */
  int[] encode(String text) {
    long encoding = library.encode(handle, wellFormed(text), true);
    try {
      long[] ids = library.getTokenIds(encoding);
      int[] narrow = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        narrow[i] = (int) ids[i];
      }
      return narrow;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /**
   * Lone surrogates are no characters and would garble their neighbours on the way to native code:
   * U+FFFD instead.
   */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return text.codePoints()
            .map(p -> p >= Character.MIN_SURROGATE && p <= Character.MAX_SURROGATE ? 0xFFFD : p)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  @Override
  public void close() {
    library.deleteTokenizer(handle);
  }
}
