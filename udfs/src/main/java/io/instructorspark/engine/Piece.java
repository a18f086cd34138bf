package io.instructorspark.engine;

/**
 * What the encoder reads at once: a whole text with its instruction, or a stretch of a long one.
 *
 * @param row the row it belongs to
 * @param ids instruction, text and {@code </s>}
 * @param textStart first position that pooling averages
 * @param weight text tokens, for the mean over a row's pieces
 */
record Piece(int row, int[] ids, int textStart, int weight) {}
