package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.optimizer.CollapseProject$;
import org.apache.spark.sql.catalyst.optimizer.ColumnPruning$;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.CollectMetrics;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Takes every embedding out of a query's expressions and puts {@link EmbedTextPlan} below the
 * operator that needs it, so that it is made batch by batch and once for each row, wherever it is
 * used. Runs when Spark's own rules have brought expressions to their places: a filter on a derived
 * column is below the projection by then, and both find the same plan.
 *
 * <p>Embeddings that may not be evaluated for each row of the operator's input stay where they are
 * and are evaluated row by row.
 */
final class LiftEmbeddings extends Rule<LogicalPlan> {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    OneOrigin.requireOf(plan);
    LogicalPlan needed = NeededEmbeddings.of(plan);
    if (!Occurrences.within(needed) || !BatchedOperator.isEnabled(SQLConf.get())) {
      return needed;
    }
    LogicalPlan lifted = lift(needed);
    return lifted == needed ? needed : inPlace(lifted);
  }

  /** What Spark's rules did before, once more for the new operators, and what they do not know. */
  private static LogicalPlan inPlace(LogicalPlan lifted) {
    LogicalPlan pruned = CollapseProject$.MODULE$.apply(ColumnPruning$.MODULE$.apply(lifted));
    return SortedEmbeddings.kept(EmbedOnce.shared(EarlyLimits.pushed(pruned)));
  }

  private LogicalPlan lift(LogicalPlan plan) {
    return liftHere(plan.mapChildren(this::lift));
  }

  private LogicalPlan liftHere(LogicalPlan operator) {
    if (operator instanceof EmbedTextPlan || !Occurrences.inExpressionsOf(operator)) {
      return operator;
    }
    LogicalPlan plan = operator.mapExpressions(EmbedUdf::asEmbedText);
    if (plan instanceof Join join) {
      return liftFromJoin(join);
    }
    if (plan instanceof Filter filter) {
      return liftFromFilter(filter);
    }
    if (plan instanceof Project project) {
      return liftFromRows(withPlaceBelow(project));
    }
    if (plan instanceof Aggregate aggregate && AboveAggregate.isNeededFor(aggregate)) {
      Project above = AboveAggregate.of(aggregate);
      return liftFromRows(above.withNewChildren(Seqs.of(List.of(liftHere(above.child())))));
    }
    return evaluatesExpressionsByRow(plan) ? liftFromRows(plan) : plan;
  }

  private static boolean evaluatesExpressionsByRow(LogicalPlan plan) {
    return plan instanceof Aggregate
        || plan instanceof Sort
        || plan instanceof Window
        || plan instanceof Generate
        || plan instanceof Expand
        || plan instanceof CollectMetrics
        || plan instanceof RepartitionByExpression
        || plan instanceof RebalancePartitions;
  }

  /**
   * Columns that depend on the place where they are computed, as the name of the file that is being
   * read, are computed below: an embedding reads ahead.
   */
  private static Project withPlaceBelow(Project project) {
    List<NamedExpression> columns = new ArrayList<>();
    List<NamedExpression> below = new ArrayList<>(Seqs.list(project.child().output()));
    int before = below.size();
    for (NamedExpression column : Seqs.list(project.projectList())) {
      Expression expression = (Expression) column;
      boolean ofItsPlace = !expression.deterministic() && !Occurrences.within(expression);
      if (ofItsPlace) {
        below.add(column);
      }
      columns.add(ofItsPlace ? column.toAttribute() : column);
    }
    return below.size() == before
        ? project
        : new Project(Seqs.of(columns), new Project(Seqs.of(below), project.child()));
  }

  /** An operator whose expressions are evaluated for the rows of its only child. */
  private static LogicalPlan liftFromRows(LogicalPlan operator) {
    Lifting below = new Lifting(operator.children().head());
    LogicalPlan changed = below.from(operator);
    return changed == operator
        ? operator
        : withOutputOf(operator, changed.withNewChildren(Seqs.of(List.of(below.plan()))));
  }

  /**
   * Conditions without an embedding go below it, so that fewer rows are embedded; those with one
   * follow each other, so that a row which the first turns down is not embedded for the second.
   */
  private static LogicalPlan liftFromFilter(Filter filter) {
    if (!filter.condition().deterministic()) {
      return liftFromRows(filter);
    }
    List<Expression> plain = new ArrayList<>();
    List<Expression> embedding = new ArrayList<>();
    for (Expression condition : Conditions.split(filter.condition())) {
      (Occurrences.within(condition) ? embedding : plain).add(condition);
    }
    LogicalPlan plan =
        plain.isEmpty() ? filter.child() : new Filter(Conditions.all(plain), filter.child());
    for (Expression condition : embedding) {
      Lifting below = new Lifting(plan);
      Expression changed = below.from(condition);
      plan = new Filter(changed, below.plan());
    }
    return withOutputOf(filter, plan);
  }

  /** Each side embeds its own rows; what needs both sides is a filter above an inner join. */
  private static LogicalPlan liftFromJoin(Join join) {
    Lifting left = new Lifting(join.left());
    Lifting right = new Lifting(join.right());
    List<Expression> within = new ArrayList<>();
    List<Expression> above = new ArrayList<>();
    for (Expression condition : Conditions.split(join.condition().get())) {
      Expression changed = right.from(left.from(condition));
      boolean ofBoth = Occurrences.within(changed) && join.joinType() instanceof InnerLike;
      (ofBoth ? above : within).add(changed);
    }
    LogicalPlan changed =
        new Join(
            left.plan(),
            right.plan(),
            join.joinType(),
            within.isEmpty() ? scala.Option.empty() : scala.Option.apply(Conditions.all(within)),
            join.hint());
    return withOutputOf(
        join,
        above.isEmpty() ? changed : liftFromFilter(new Filter(Conditions.all(above), changed)));
  }

  /** Hides what an operator passes on beside its own columns. */
  private static LogicalPlan withOutputOf(LogicalPlan original, LogicalPlan changed) {
    if (Seqs.list(original.output()).equals(Seqs.list(changed.output()))) {
      return changed;
    }
    List<NamedExpression> columns = new ArrayList<>(Seqs.list(original.output()));
    return new Project(Seqs.of(columns), changed);
  }
}
