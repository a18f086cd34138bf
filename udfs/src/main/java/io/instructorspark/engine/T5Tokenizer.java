package io.instructorspark.engine;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hugging Face's own tokenizer over a checkpoint's {@code tokenizer.json}, without truncation or
 * padding: the window is the engine's business. Thread-safe; every call works in the calling thread
 * only.
 */
final class T5Tokenizer implements AutoCloseable {
  /** The id of {@code </s>} in every T5 vocabulary; the tokenizer puts it last. */
  static final int EOS = 1;

  private static final long CLOSED = 0;

  private final TokenizersLibrary library = TokenizersLibrary.LIB;
  private final AtomicLong handle;

  /**
   * @param json content of {@code tokenizer.json}, checked by {@code Checkpoint} to be a T5
   *     tokenizer that the library can be given
   * @param location where it comes from, for messages
   * @throws EngineException if the library refuses it
   */
  T5Tokenizer(String json, String location) {
    try {
      LibUtils.checkStatus(); // loads the native library
      handle = new AtomicLong(library.createTokenizerFromString(json));
    } catch (LinkageError e) {
      throw new EngineException(
          ("the natives of Hugging Face's tokenizers library do not load. The class path needs ai.djl.huggingface:tokenizers, and"
                  + " DJL_CACHE_DIR (default ~/.djl.ai) must be writable: %s")
              .formatted(e.getMessage()),
          e);
    } catch (RuntimeException e) {
      throw new EngineException(
          "%s: tokenizer.json cannot be read by Hugging Face's tokenizers library: %s"
              .formatted(location, e.getMessage()),
          e);
    }
    boolean usable = false;
    try {
      library.disableTruncation(handle.get());
      library.disablePadding(handle.get());
      usable = true;
    } finally {
      if (!usable) {
        close();
      }
    }
  }

  /**
   * Token ids of the whole text, {@code </s>} last. Cost: linear in the text.
   *
   * @throws EngineException if the library refuses the text
   */
  int[] encode(String text) {
    long open = handle.get();
    if (open == CLOSED) {
      throw new IllegalStateException("the tokenizer is closed, and its model with it");
    }
    long[] ids;
    try {
      long encoding = library.encode(open, wellFormed(text), true);
      try {
        ids = library.getTokenIds(encoding);
      } finally {
        library.deleteEncoding(encoding);
      }
    } catch (RuntimeException e) {
      throw new EngineException("the tokenizer refuses the text: " + e.getMessage(), e);
    }
    int[] narrow = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      narrow[i] = (int) ids[i];
    }
    return narrow;
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
    long open = handle.getAndSet(CLOSED);
    if (open != CLOSED) {
      library.deleteTokenizer(open);
    }
  }
}
