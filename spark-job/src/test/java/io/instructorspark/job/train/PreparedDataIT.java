package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.job.CommandRun;
import io.instructorspark.job.model.ShelfFileSystem;
import io.instructorspark.job.rows.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepared tasks in a store that is not this machine's disk. */
class PreparedDataIT {
  @TempDir private Path folder;

  private List<String> queries(Storage storage, String store, Prepared prepared) {
    try (PreparedData data = PreparedData.open(storage, store, prepared, folder.resolve("local"))) {
      return IntStream.range(0, data.task(0).size())
          .mapToObj(i -> data.task(0).record(i).query().text())
          .toList();
    }
  }

  private Path record(int number) throws IOException {
    return Files.writeString(
        folder.resolve("a.jsonl"),
        "{\"text_a\":\"one\",\"text_b\":\"%d\"}\n{\"text_a\":\"%d\",\"text_b\":\"x\"}\n"
            .formatted(number, number));
  }

  @Test
  void areCopiedOnceAndAgainWhenTheyAreOthers() throws IOException {
    try (SparkSession spark = CommandRun.look()) {
      spark
          .sparkContext()
          .hadoopConfiguration()
          .set("fs.shelf.impl", ShelfFileSystem.class.getName());
      Storage storage = Storage.of(spark);
      String store = "shelf:" + folder.resolve("store");
      record(2);
      Path recipe =
          Files.writeString(
              folder.resolve("recipe.yaml"), "data: [{files: [a.jsonl]}]\ntraining: {steps: 1}\n");
      DataPlaces places = new DataPlaces(storage, List.of(), folder.toString());
      Prepared first =
          Preparation.run(spark, Recipe.read(recipe), places, store, OnBadRecord.ERROR);
      assertThat(queries(storage, store, first)).containsExactlyInAnyOrder("one", "2");
      Path copies = folder.resolve("local").resolve(first.digest().substring(0, 16));
      assertThat(copies.resolve("task-0000.jsonl")).hasSize(first.tasks().get(0).bytes());
      assertThat(queries(storage, store, first)).containsExactlyInAnyOrder("one", "2");

      Files.writeString(record(7), "\n", java.nio.file.StandardOpenOption.APPEND);
      Prepared second =
          Preparation.run(spark, Recipe.read(recipe), places, store, OnBadRecord.ERROR);
      assertThat(second.tasks().get(0).bytes()).isEqualTo(first.tasks().get(0).bytes());
      assertThat(queries(storage, store, second)).containsExactlyInAnyOrder("one", "7");
    }
  }
}
