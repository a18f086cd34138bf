package io.instructorspark.spark;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.internal.SQLConf;

/** Embeddings that several places of a query need, made once for all of them. */
final class EmbedOnce {
  private EmbedOnce() {}

  /** An embedding of constants: a query of one row, which Spark runs before the rest. */
  static Expression forAllRows(EmbedText embed) {
    return scalarSubquery(EmbedTextPlan.over(new OneRowRelation(), embed));
  }

  /**
   * Where one plan embeds the same rows twice, as a common table expression that is joined with
   * itself does, an exchange above each: Spark runs equal exchanges once.
   */
  static LogicalPlan shared(LogicalPlan plan) {
    if (!SQLConf.get().exchangeReuseEnabled() || plan.isStreaming()) {
      return plan;
    }
    Map<LogicalPlan, Integer> counts = new HashMap<>();
    count(plan, counts);
    counts.values().removeIf(count -> count < 2);
    return counts.isEmpty() ? plan : exchanged(plan, counts);
  }

  private static void count(LogicalPlan plan, Map<LogicalPlan, Integer> counts) {
    if (plan instanceof EmbedTextPlan && plan.deterministic() && !isOneRow(plan)) {
      counts.merge(plan.canonicalized(), 1, Integer::sum);
    }
    Seqs.list(plan.children()).forEach(child -> count(child, counts));
  }

  private static LogicalPlan exchanged(LogicalPlan plan, Map<LogicalPlan, Integer> counts) {
    if (plan instanceof EmbedTextPlan && counts.containsKey(plan.canonicalized())) {
      return new RebalancePartitions(
          Seqs.of(List.of()), plan, scala.Option.empty(), scala.Option.empty());
    }
    if (plan instanceof RebalancePartitions || plan instanceof Repartition) {
      return plan;
    }
    return plan.mapChildren(child -> exchanged(child, counts));
  }

  private static boolean isOneRow(LogicalPlan plan) {
    return plan.maxRows().isDefined() && (Long) plan.maxRows().get() <= 1;
  }

  /** Its further parameters, another number of them in each Spark, have defaults. */
  private static ScalarSubquery scalarSubquery(LogicalPlan plan) {
    Constructor<?> constructor = ScalarSubquery.class.getConstructors()[0];
    Object[] arguments = new Object[constructor.getParameterCount()];
    arguments[0] = plan;
    try {
      for (int i = 1; i < arguments.length; i++) {
        arguments[i] =
            ScalarSubquery$.class
                .getMethod("apply$default$" + (i + 1))
                .invoke(ScalarSubquery$.MODULE$);
      }
      return (ScalarSubquery) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("Spark refuses a scalar subquery: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Spark's ScalarSubquery is not as it is known here: " + e, e);
    }
  }
}
