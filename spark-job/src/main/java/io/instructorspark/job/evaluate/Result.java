package io.instructorspark.job.evaluate;

import java.util.Map;

/**
 * What a model scored on a task with a variant.
 *
 * @param items that were scored
 * @param parts scores of parts of the task, by name
 * @param leftOut of the data, in a sentence; may be empty
 */
record Result(
    TaskSpec task,
    String model,
    Variant variant,
    Sample sample,
    int items,
    Map<String, Sample> parts,
    Missing missing,
    String leftOut) {}
