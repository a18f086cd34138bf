package io.instructorspark.checkpoint;

/**
 * How texts are prepared, from {@code sentence_bert_config.json}.
 *
 * @param maxSeqLength tokens that a text is cut to, the end token included
 * @param doLowerCase whether texts are lower-cased
 */
record SentenceConfig(int maxSeqLength, boolean doLowerCase) {
  static final String FILE = "sentence_bert_config.json";

  private static final int DEFAULT_LENGTH = 512;
  private static final int MAX_LENGTH = 1_048_576;

  SentenceConfig {
    if (maxSeqLength < 2 || maxSeqLength > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "max_seq_length must be between 2 and %d, got %d".formatted(MAX_LENGTH, maxSeqLength));
    }
  }

  /** Reads the file; without one, sentence-transformers' defaults hold. */
  static SentenceConfig read(CheckpointFiles files, String folder) {
    String path = RelativePath.join(folder, FILE);
    if (!files.has(path)) {
      files.requireLacking(path);
      return new SentenceConfig(DEFAULT_LENGTH, false);
    }
    ConfigFile file = ConfigFile.read(files, path);
    return file.checked(
        () ->
            new SentenceConfig(
                file.integer("max_seq_length", DEFAULT_LENGTH), file.flag("do_lower_case", false)));
  }
}
