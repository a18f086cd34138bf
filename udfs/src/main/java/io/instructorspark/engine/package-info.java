/**
 * The INSTRUCTOR model on libtorch: tokeniser, batch planner, T5 encoder, pooling, dense layer and
 * the registry that keeps one model per JVM.
 *
 * <p>Entry points: {@link io.instructorspark.engine.Models#onThisJvm Models.onThisJvm} for the
 * shared model of a {@link io.instructorspark.engine.ModelSpec}, then {@link
 * io.instructorspark.engine.InstructorModel#embedder embedder}. Three lifetimes, three types:
 * {@code ModelSpec} travels, {@code InstructorModel} holds native memory and lives as long as its
 * JVM wants it, {@code TokenBatch} lives for one forward pass.
 *
 * <p>May use {@code text}, {@code checkpoint} and DJL. Must not use Spark. No NDArray appears in a
 * public signature.
 */
package io.instructorspark.engine;
