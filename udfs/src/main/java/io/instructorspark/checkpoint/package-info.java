/**
 * INSTRUCTOR checkpoints as Hugging Face publishes them: a folder of JSON configs, {@code
 * tokenizer.json} and weights in safetensors or {@code torch.save} files, read without any
 * conversion.
 *
 * <p>Entry point: {@link io.instructorspark.checkpoint.Checkpoint#open}. It checks the whole
 * layout, every config and the name, shape and type of every tensor before a byte of a weight is
 * read, so that a wrong model fails on the driver. {@link io.instructorspark.checkpoint.Weights}
 * then streams raw bytes.
 *
 * <p>Files are untrusted: every offset and size is checked against the file, paths cannot leave the
 * folder, and pickles are read by a whitelist that runs nothing.
 *
 * <p>May use: {@code java.*}, Jackson. Must not use: Spark, DJL, tensors.
 */
package io.instructorspark.checkpoint;
