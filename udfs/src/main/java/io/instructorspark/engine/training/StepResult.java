package io.instructorspark.engine.training;

/**
 * What a step came to.
 *
 * @param loss of the batch before the update
 * @param gradientNorm length of the gradients before they were clipped
 * @param rate of the update, token embeddings aside
 * @param tokens that the encoder read
 */
public record StepResult(double loss, double gradientNorm, double rate, long tokens) {}
