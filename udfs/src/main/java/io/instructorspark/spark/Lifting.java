package io.instructorspark.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;

/**
 * Lifts embeddings from expressions into one plan that they are evaluated over. The plan grows by
 * an {@link EmbedTextPlan} for each embedding that it does not make already; in the expressions its
 * result stands instead.
 *
 * <p>An embedding that is evaluated under a condition, as a branch of CASE is, is lifted with the
 * condition around its text: where the condition does not hold the text is null, which costs
 * nothing and is no error.
 */
final class Lifting {
  private LogicalPlan plan;
  private final Map<Expression, Expression> results = new HashMap<>();
  private final Set<Expression> unconditional = new HashSet<>();

  Lifting(LogicalPlan plan) {
    this.plan = plan;
  }

  /** The plan with all that was lifted. */
  LogicalPlan plan() {
    return plan;
  }

  /** The operator with results in the place of embeddings; its child is still the old one. */
  LogicalPlan from(LogicalPlan operator) {
    LogicalPlan changed = operator;
    for (LogicalPlan previous = null; previous != changed; ) {
      previous = changed;
      for (Expression expression : Seqs.list(changed.expressions())) {
        Evaluated.always(expression, this::remember);
      }
      changed = changed.mapExpressions(this::lifted);
    }
    return changed;
  }

  /** The expression with results in the place of embeddings. */
  Expression from(Expression expression) {
    Expression changed = expression;
    for (Expression previous = null; previous != changed; ) {
      previous = changed;
      Evaluated.always(changed, this::remember);
      changed = lifted(changed);
    }
    return changed;
  }

  private void remember(EmbedText embed) {
    unconditional.add(embed.canonicalized());
  }

  private Expression lifted(Expression expression) {
    return lifted(expression, Guard.NONE);
  }

  /**
   * One pass. What an embedding's argument or condition embeds itself is lifted first; the
   * embedding follows in the next pass.
   */
  private Expression lifted(Expression expression, Guard guard) {
    if (expression instanceof EmbedText embed && !argumentsEmbed(embed)) {
      return result(embed, guard).orElse(embed);
    }
    return Evaluated.mapChildren(expression, guard, this::lifted);
  }

  private static boolean argumentsEmbed(EmbedText embed) {
    return Occurrences.within(embed.instruction()) || Occurrences.within(embed.text());
  }

  private Optional<Expression> result(EmbedText embed, Guard guard) {
    boolean always = guard == Guard.NONE || unconditional.contains(embed.canonicalized());
    if (!embed.deterministic() || holdsAggregate(embed)) {
      return Optional.empty();
    }
    if (always && embed.instruction().foldable() && embed.text().foldable() && !isOneRow(plan)) {
      return Optional.of(EmbedOnce.forAllRows(embed));
    }
    if (!embed.references().subsetOf(plan.outputSet())) {
      return Optional.empty();
    }
    return always ? Optional.of(resultFor(embed)) : underCondition(embed, guard);
  }

  private Optional<Expression> underCondition(EmbedText embed, Guard guard) {
    Optional<Expression> there = alreadyMade(embed);
    if (there.isPresent()) {
      return there;
    }
    EmbedText guarded =
        embed.withChildList(
            List.of(
                isGiven(embed.instruction())
                    ? embed.instruction()
                    : guard.around(embed.instruction()),
                guard.around(embed.text())));
    return argumentsEmbed(guarded)
            || !guarded.deterministic()
            || !guarded.references().subsetOf(plan.outputSet())
        ? Optional.empty()
        : Optional.of(resultFor(guarded));
  }

  private Expression resultFor(EmbedText embed) {
    return alreadyMade(embed)
        .orElseGet(
            () -> {
              EmbedTextPlan grown = EmbedTextPlan.over(plan, embed);
              plan = grown;
              results.put(embed.canonicalized(), grown.result());
              return grown.result();
            });
  }

  private Optional<Expression> alreadyMade(EmbedText embed) {
    Expression known = results.get(embed.canonicalized());
    if (known != null) {
      return Optional.of(known);
    }
    return ResultBelow.find(plan, embed)
        .map(
            found -> {
              plan = found.plan();
              results.put(embed.canonicalized(), found.result());
              return found.result();
            });
  }

  private static boolean holdsAggregate(Expression expression) {
    return expression instanceof AggregateExpression
        || Seqs.list(expression.children()).stream().anyMatch(Lifting::holdsAggregate);
  }

  /** Evaluating it cannot fail. */
  private static boolean isGiven(Expression expression) {
    return expression instanceof Literal || expression instanceof AttributeReference;
  }

  private static boolean isOneRow(LogicalPlan plan) {
    return plan instanceof OneRowRelation
        || plan instanceof EmbedTextPlan embed && isOneRow(embed.child());
  }
}
