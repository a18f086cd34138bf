package io.instructorspark.engine;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.text.Compatibility;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Ends its JVM while a thread, which nobody waits for, makes passes. */
final class ModelsAtExitProbe {
  private ModelsAtExitProbe() {}

  public static void main(String[] args) throws InterruptedException {
    TextEmbedder embedder =
        Models.embedder(
            Fixtures.spec(
                Fixtures.checkpoint("builtin:instructor-mini"), Compatibility.V1_0_1, 512),
            Access.ofThisMachine(),
            EmbedOptions.DEFAULT);
    Random random = new Random(1);
    List<String> texts = Stream.generate(() -> Texts.random(random, 100)).limit(4096).toList();
    CountDownLatch working = new CountDownLatch(2);
    Thread thread =
        new Thread(
            () ->
                embedder.embed(
                    Collections.nCopies(texts.size(), ""),
                    texts,
                    (rows, tokens) -> working.countDown()));
    thread.setDaemon(true);
    thread.start();
    working.await();
    System.exit(0);
  }
}
