package io.instructorspark.engine;

/**
 * What all threads of this JVM did with its models so far, and who waits now: {@link
 * Models#activity}. Everything that was done counts, also for tasks that failed or were repeated.
 *
 * @param loads models loaded, released ones included
 * @param loadNanos time that their loading took
 * @param texts texts that the encoder read
 * @param tokens tokens of these, padding left out
 * @param passes forward passes that went well
 * @param modelNanos time in forward passes, failed ones included, without waiting, summed over
 *     threads
 * @param tokenizerNanos time in the tokenizer, summed over threads
 * @param errors texts that got an error in place of a vector
 * @param waiting threads that wait now: for their turn on a GPU, or for a model that another thread
 *     loads
 * @param waitedNanos time that threads have waited so, those that still do left out
 */
public record Activity(
    long loads,
    long loadNanos,
    long texts,
    long tokens,
    long passes,
    long modelNanos,
    long tokenizerNanos,
    long errors,
    long waiting,
    long waitedNanos) {}
