package io.instructorspark.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileCommitProtocol.TaskCommitMessage;
import org.apache.spark.internal.io.FileNameSpec;
import scala.Option;

/**
 * How a batch of {@link EmbeddedBatches} comes to its place: tasks write to the batch's folder
 * under names that no other attempt has; when all are done, what others left is removed, and the
 * marker names what counts. Nothing is renamed. Public for Spark, which makes it by name.
 */
public final class BatchCommit extends JavaCommitProtocol {
  /** The writer's option with the streaming query's id. */
  static final String QUERY = "instructor.batches.query";

  private static final long serialVersionUID = 1L;

  private final String batch;
  private transient List<String> written; // of one task attempt

  /**
   * For Spark.
   *
   * @param batch the folder of a batch
   */
  public BatchCommit(String jobId, String batch) {
    this.batch = batch;
  }

  @Override
  public void setupJob(JobContext job) {}

  @Override
  void commitJob(JobContext job, List<TaskCommitMessage> tasks) {
    List<String> files = new ArrayList<>();
    for (TaskCommitMessage task : tasks) {
      files.addAll(List.of((String[]) task.obj()));
    }
    Path place = new Path(batch);
    String name = place.getName();
    long number = Long.parseLong(name.substring(name.indexOf('=') + 1));
    String query = job.getConfiguration().get(QUERY, "");
    BatchMarkers.Marker marker = new BatchMarkers.Marker(number, query, files);
    try {
      BatchMarkers markers = new BatchMarkers(place.getParent(), job.getConfiguration());
      markers.removeAllBut(marker);
      markers.finish(marker);
    } catch (IOException e) {
      throw ClassicSpark.<RuntimeException>asIs(e);
    }
  }

  /** What was written is removed when the batch is given again. */
  @Override
  public void abortJob(JobContext job) {}

  @Override
  public void setupTask(TaskAttemptContext task) {
    written = new ArrayList<>();
  }

  @Override
  public String newTaskTempFile(
      TaskAttemptContext task, Option<String> directory, FileNameSpec spec) {
    return newFile(task, spec.prefix(), spec.suffix());
  }

  @Override
  @SuppressWarnings("deprecation") // what Spark's own default of the other falls back to
  public String newTaskTempFile(TaskAttemptContext task, Option<String> directory, String ext) {
    return newFile(task, "", ext);
  }

  @Override
  @SuppressWarnings("deprecation") // abstract before Spark 4.1
  public String newTaskTempFileAbsPath(TaskAttemptContext task, String directory, String ext) {
    throw new UnsupportedOperationException(
        "batches of embeddings are written to %s, not to %s".formatted(batch, directory));
  }

  private String newFile(TaskAttemptContext task, String prefix, String suffix) {
    String name =
        String.format(
            Locale.ROOT,
            "%spart-%05d-%s%s",
            prefix,
            task.getTaskAttemptID().getTaskID().getId(),
            UUID.randomUUID(),
            suffix);
    written.add(name);
    return new Path(batch, name).toString();
  }

  @Override
  public TaskCommitMessage commitTask(TaskAttemptContext task) {
    return new TaskCommitMessage(written.toArray(String[]::new));
  }

  @Override
  public void abortTask(TaskAttemptContext task) {
    try {
      for (String name : written) {
        Path file = new Path(batch, name);
        file.getFileSystem(task.getConfiguration()).delete(file, false);
      }
    } catch (FileNotFoundException e) {
      return; // never begun
    } catch (IOException e) {
      throw ClassicSpark.<RuntimeException>asIs(e);
    }
  }
}
