package io.instructorspark.checkpoint;

/**
 * A run of numbers in a {@code torch.save} file, which tensors are views of.
 *
 * @param key name of its file in the archive
 */
record TorchStorage(Dtype dtype, String key, long elements) {}
