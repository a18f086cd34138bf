package io.instructorspark.spark;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the batched operator is not used, said once in a JVM's log. */
enum FallBack {
  /** An expression stayed in its place, and each row is a forward pass of its own. */
  ROW_BY_ROW(
      "an embedding of %s is evaluated row by row, which is slow: it stands where rows may not need it or several are made"
          + " from one (a lambda function, a branch that cannot be told apart), or the session lacks the operator. Compute"
          + " it in a column of its own, and let the function work on that column."),
  /** The session cannot take the operator; SQL functions are row-wise. */
  NO_OPERATOR(
      "this session cannot take the batched operator (%s): SQL functions embed row by row, and InstructorEmbedder maps"
          + " partitions. The vectors are the same.");

  private static final Logger LOG = LoggerFactory.getLogger(FallBack.class);
  private static final Set<FallBack> SAID = ConcurrentHashMap.newKeySet();

  private final String message;

  FallBack(String message) {
    this.message = message;
  }

  void sayOnce(String detail) {
    if (SAID.add(this)) {
      LOG.warn(message.formatted(detail));
    }
  }
}
