package io.instructorspark.job.train;

/** What training starts from: a {@link FineTuned} checkpoint or a model from {@link Scratch}. */
sealed interface StartingModel permits FineTuned, Scratch {}
