package io.instructorspark.engine;

import java.util.List;

/**
 * The rows of one call in the order they came in, and what they cost.
 *
 * @param rows one for each row given
 * @param work what all of them took
 */
public record Embeddings(List<Embedding> rows, Work work) {}
