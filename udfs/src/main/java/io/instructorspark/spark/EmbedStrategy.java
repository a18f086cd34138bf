package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;

/** Plans {@link EmbedTextPlan} as {@link EmbedTextExec}. */
final class EmbedStrategy extends SparkStrategy {
  private static final long serialVersionUID = 1L;

  @Override
  public scala.collection.immutable.List<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof EmbedTextPlan embed
        ? Seqs.of(
            List.of(new EmbedTextExec(embed.embed(), embed.result(), planLater(embed.child()))))
        : Seqs.of(List.of());
  }
}
