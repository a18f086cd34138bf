/**
 * The INSTRUCTOR model on libtorch: tokeniser, batch planner, T5 encoder, pooling, dense layer and
 * the registry that keeps one model per JVM.
 *
 * <p>Entry points: {@link io.instructorspark.engine.Models#embedder Models.embedder} for whoever
 * embeds on the shared model of a {@link io.instructorspark.engine.ModelSpec}; {@link
 * io.instructorspark.engine.InstructorModel#load InstructorModel.load} for whoever wants a model of
 * its own and closes it. Three lifetimes, three types: {@code ModelSpec} travels, {@code
 * InstructorModel} holds native memory and lives while somebody uses it and some time longer,
 * {@code TokenBatch} lives for one forward pass.
 *
 * <p>May use {@code text}, {@code checkpoint} and DJL. Must not use Spark. No NDArray appears in a
 * public signature.
 */
package io.instructorspark.engine;
