/**
 * Checkpoints that lie elsewhere, and what this machine keeps of them: the Hugging Face hub and its
 * cache, any other store behind {@link io.instructorspark.checkpoint.remote.RemoteStore}, the
 * machine's cache of whole checkpoints, and remembered digests of large files.
 *
 * <p>Entry point: {@link io.instructorspark.checkpoint.remote.Access}, which says by which means
 * {@link io.instructorspark.checkpoint.Checkpoint#open} may reach files.
 *
 * <p>Several processes of one machine share what is here: whatever is published in a cache gets its
 * final name in one step, after it was checked, and writers hold a lock that ends with their
 * process. Servers are not trusted: names that they send never become paths unchecked, and
 * credentials go to the host they are meant for alone.
 *
 * <p>May use: {@code java.*}, {@code javax.net.ssl}, Jackson, slf4j. Must not use: Spark, Hadoop,
 * DJL, and nothing of {@code checkpoint} but {@link
 * io.instructorspark.checkpoint.CheckpointException}.
 */
package io.instructorspark.checkpoint.remote;
