package io.instructorspark.engine;

/**
 * What some rows cost.
 *
 * @param texts rows that got a vector
 * @param tokens tokens the encoder read, padding left out
 * @param paddedTokens tokens the encoder read, padding counted
 * @param batches forward passes
 * @param tokenizerNanos time in the tokeniser
 * @param modelNanos time in forward passes
 */
public record Work(
    long texts,
    long tokens,
    long paddedTokens,
    long batches,
    long tokenizerNanos,
    long modelNanos) {}
