package io.instructorspark.job.train;

import java.nio.file.Path;

/**
 * A new model.
 *
 * @param config T5's {@code config.json}
 * @param tokenizer a folder that holds {@code tokenizer.json}
 * @param dimension of the vectors, which the dense layer makes
 * @param wordVectors what the embedding table starts as
 */
record Scratch(Path config, Path tokenizer, int dimension, WordVectors wordVectors)
    implements StartingModel {}
