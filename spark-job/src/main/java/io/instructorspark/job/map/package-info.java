/**
 * {@code map}: texts as points, which lie as one or several instructions have them.
 *
 * <p>Entry point: {@link io.instructorspark.job.map.MapCommand}. {@code MapJob} reads, embeds, fits
 * and writes; {@code MapVectors} are the rows with their vectors; {@code MapReport} is its result;
 * {@code MapColoring} and {@code PairDistances} say what the maps show; {@code ProjectorFiles}
 * writes for TensorBoard. May use Spark and MLlib, the public API of {@code spark} and {@code
 * page}, what jobs share. Must not use another job.
 */
package io.instructorspark.job.map;
