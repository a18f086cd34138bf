package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.LeftSemi$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;
import org.apache.spark.sql.catalyst.plans.logical.CollectMetrics;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sample;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;

/**
 * A plan that makes an embedding somewhere below, changed so that it passes the result up.
 *
 * @param plan the plan; its other columns are as before
 * @param result what holds the embedding
 */
record ResultBelow(LogicalPlan plan, Attribute result) {
  /** Looks for an embedding in a plan whose rows come from where it is made. */
  static Optional<ResultBelow> find(LogicalPlan plan, EmbedText wanted) {
    if (plan instanceof EmbedTextPlan embed && embed.embed().semanticEquals(wanted)) {
      return Optional.of(new ResultBelow(plan, embed.result()));
    }
    if (plan instanceof Project project) {
      return inProject(project, wanted);
    }
    if (plan instanceof Join join) {
      return inJoin(join, wanted);
    }
    if (passesColumnsOn(plan)) {
      LogicalPlan child = plan.children().head();
      return find(child, wanted).map(found -> found.under(plan, List.of(found.plan())));
    }
    return Optional.empty();
  }

  private static Optional<ResultBelow> inProject(Project project, EmbedText wanted) {
    Expression below = Aliases.of(project).below(wanted);
    if (!(below instanceof EmbedText embed) || !embed.deterministic()) {
      return Optional.empty();
    }
    return find(project.child(), embed)
        .map(
            found -> {
              List<NamedExpression> columns = new ArrayList<>(Seqs.list(project.projectList()));
              if (!columns.contains(found.result())) {
                columns.add(found.result());
              }
              return new ResultBelow(new Project(Seqs.of(columns), found.plan()), found.result());
            });
  }

  /** Only on a side whose rows all come out as they are. */
  private static Optional<ResultBelow> inJoin(Join join, EmbedText wanted) {
    JoinType type = join.joinType();
    boolean keepsLeft =
        type instanceof InnerLike
            || type.equals(LeftOuter$.MODULE$)
            || type.equals(LeftSemi$.MODULE$)
            || type.equals(LeftAnti$.MODULE$);
    boolean keepsRight = type instanceof InnerLike || type.equals(RightOuter$.MODULE$);
    if (keepsLeft && wanted.references().subsetOf(join.left().outputSet())) {
      return find(join.left(), wanted)
          .map(found -> found.under(join, List.of(found.plan(), join.right())));
    }
    if (keepsRight && wanted.references().subsetOf(join.right().outputSet())) {
      return find(join.right(), wanted)
          .map(found -> found.under(join, List.of(join.left(), found.plan())));
    }
    return Optional.empty();
  }

  private static boolean passesColumnsOn(LogicalPlan plan) {
    return plan instanceof EmbedTextPlan
        || plan instanceof Filter
        || plan instanceof Sort
        || plan instanceof LocalLimit
        || plan instanceof GlobalLimit
        || plan instanceof Window
        || plan instanceof Sample
        || plan instanceof CollectMetrics
        || plan instanceof Repartition
        || plan instanceof RepartitionByExpression
        || plan instanceof RebalancePartitions;
  }

  private ResultBelow under(LogicalPlan parent, List<LogicalPlan> children) {
    return new ResultBelow(parent.withNewChildren(Seqs.of(children)), result);
  }
}
