package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;

/** Limits below embeddings: what is cut off need not be embedded. */
final class EarlyLimits {
  /** Rows that one task may embed after a sort; beyond, many tasks had better embed all rows. */
  private static final int MOST_SORTED = 4096;

  private EarlyLimits() {}

  static LogicalPlan pushed(LogicalPlan plan) {
    LogicalPlan changed = plan.mapChildren(EarlyLimits::pushed);
    if (changed instanceof GlobalLimit global && global.child() instanceof LocalLimit local) {
      return overSort(local.child(), global.limitExpr())
          .or(() -> belowSort(local.child(), global.limitExpr()))
          .orElse(changed);
    }
    return changed instanceof LocalLimit limit
        ? limit.withNewChildren(Seqs.of(List.of(under(limit.child(), limit.limitExpr()))))
        : changed;
  }

  /**
   * The first rows of what was sorted before it is embedded: cut off where it is sorted, which is
   * also where Spark knows which rows are the first.
   */
  private static Optional<LogicalPlan> overSort(LogicalPlan plan, Expression most) {
    return embeds(plan) ? overSortBelow(plan, most) : Optional.empty();
  }

  private static Optional<LogicalPlan> overSortBelow(LogicalPlan plan, Expression most) {
    if (plan instanceof Sort sort && sort.global()) {
      return Optional.of(new GlobalLimit(most, new LocalLimit(most, plan)));
    }
    boolean oneForOne =
        plan instanceof EmbedTextPlan
            || plan instanceof Project project && isDeterministic(project);
    return oneForOne
        ? overSortBelow(plan.children().head(), most)
            .map(child -> plan.withNewChildren(Seqs.of(List.of(child))))
        : Optional.empty();
  }

  private static LogicalPlan under(LogicalPlan plan, Expression most) {
    if (plan instanceof Project project) {
      LogicalPlan child = under(project.child(), most);
      return child == project.child() ? plan : plan.withNewChildren(Seqs.of(List.of(child)));
    }
    if (plan instanceof EmbedTextPlan embed) {
      LogicalPlan child = under(embed.child(), most);
      boolean limited =
          child instanceof LocalLimit || child instanceof GlobalLimit || child instanceof Sort;
      boolean done = limited || child != embed.child();
      return embed.withChild(done ? child : new LocalLimit(most, child));
    }
    return plan;
  }

  private static boolean isSmall(Expression most) {
    return most instanceof Literal literal
        && literal.value() instanceof Integer number
        && number <= MOST_SORTED;
  }

  /**
   * The first rows by an order that no embedding decides: sorted and cut off before they are
   * embedded.
   */
  private static Optional<LogicalPlan> belowSort(LogicalPlan plan, Expression most) {
    if (plan instanceof Project project) {
      return belowSort(project.child(), most)
          .map(child -> plan.withNewChildren(Seqs.of(List.of(child))));
    }
    return plan instanceof Sort sort && sort.global() && isSmall(most)
        ? belowEmbeddings(sort.child(), sort, Seqs.list(sort.order()), most)
        : Optional.empty();
  }

  /** Goes down while rows come out one for one, as long as there is an embedding further below. */
  private static Optional<LogicalPlan> belowEmbeddings(
      LogicalPlan plan, Sort sort, List<? extends Expression> order, Expression most) {
    if (plan instanceof Project project && isDeterministic(project) && embeds(project.child())) {
      Aliases aliases = Aliases.of(project);
      return belowEmbeddings(
              project.child(), sort, order.stream().map(aliases::below).toList(), most)
          .map(child -> plan.withNewChildren(Seqs.of(List.of(child))));
    }
    if (!(plan instanceof EmbedTextPlan embed)) {
      return Optional.empty();
    }
    Optional<LogicalPlan> child =
        embeds(embed.child())
            ? belowEmbeddings(embed.child(), sort, order, most)
            : firstRows(embed.child(), sort, order, most);
    return child.map(embed::withChild);
  }

  /** Columns as rand() or the name of the file depend on where in the plan they are computed. */
  private static boolean isDeterministic(Project project) {
    return Seqs.list(project.expressions()).stream().allMatch(Expression::deterministic);
  }

  private static boolean embeds(LogicalPlan plan) {
    return plan instanceof EmbedTextPlan
        || plan instanceof Project project && embeds(project.child());
  }

  private static Optional<LogicalPlan> firstRows(
      LogicalPlan plan, Sort sort, List<? extends Expression> order, Expression most) {
    for (Expression key : order) {
      if (!key.references().subsetOf(plan.outputSet()) || !key.deterministic()) {
        return Optional.empty();
      }
    }
    Object[] fields = new Object[sort.productArity()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = sort.productElement(i);
    }
    fields[0] = Seqs.of(new ArrayList<>(order));
    fields[2] = plan;
    return Optional.of(new GlobalLimit(most, new LocalLimit(most, sort.makeCopy(fields))));
  }
}
