/**
 * Training of INSTRUCTOR models (Su et al. 2022, sections 2.3 and 3): from pairs of texts with
 * instructions to batches, their contrastive loss, and updates of an encoder.
 *
 * <p>Enter at {@link io.instructorspark.engine.training.EncoderTrainer}. May use {@code engine},
 * {@code checkpoint} and {@code text}; not Spark. Native memory and libtorch stay in {@code
 * engine}.
 */
package io.instructorspark.engine.training;
