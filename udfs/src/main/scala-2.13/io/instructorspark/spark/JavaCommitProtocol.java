package io.instructorspark.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.spark.internal.io.FileCommitProtocol;
import scala.collection.immutable.Seq;

/** Gives a way to commit files what its tasks said as a Java list. */
abstract class JavaCommitProtocol extends FileCommitProtocol implements Serializable {
  private static final long serialVersionUID = 1;

  /** All tasks are done. */
  abstract void commitJob(JobContext job, List<TaskCommitMessage> tasks);

  @Override
  public void commitJob(JobContext job, Seq<TaskCommitMessage> tasks) {
    commitJob(job, Seqs.list(tasks));
  }
}
