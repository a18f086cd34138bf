package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;

/** Which parts of an expression are evaluated, and under which conditions. */
final class Evaluated {
  private Evaluated() {}

  /** Visits the embeddings that are evaluated for each row. */
  static void always(Expression expression, Consumer<EmbedText> visitor) {
    if (expression instanceof EmbedText embed) {
      visitor.accept(embed);
    }
    mapChildren(
        expression,
        Guard.NONE,
        (child, guard) -> {
          if (guard == Guard.NONE) {
            always(child, visitor);
          }
          return child;
        });
  }

  /**
   * Maps the children, each with the conditions under which it is evaluated. Children whose
   * conditions cannot be said are left as they are.
   */
  static Expression mapChildren(
      Expression parent, Guard guard, BiFunction<Expression, Guard, Expression> map) {
    List<Expression> children = Seqs.list(parent.children());
    List<Guard> guards = guards(parent, children, guard);
    List<Expression> mapped = new ArrayList<>(children.size());
    boolean changed = false;
    for (int i = 0; i < children.size(); i++) {
      Guard childGuard = guards.get(i);
      Expression child =
          childGuard == null ? children.get(i) : map.apply(children.get(i), childGuard);
      changed |= child != children.get(i);
      mapped.add(child);
    }
    return changed ? parent.withNewChildren(Seqs.of(mapped)) : parent;
  }

  /** One for each child; null where it cannot be said. */
  private static List<Guard> guards(Expression parent, List<Expression> children, Guard outer) {
    List<Guard> guards = new ArrayList<>(children.size());
    if (parent instanceof LambdaFunction || parent instanceof TryEval) {
      children.forEach(child -> guards.add(null));
    } else if (parent instanceof If) {
      guards.add(outer);
      guards.add(outer.and(children.get(0)));
      guards.add(outer.andNot(children.get(0)));
    } else if (parent instanceof CaseWhen) {
      Guard open = outer; // no condition so far held
      for (int i = 0; i < children.size(); i++) {
        boolean isCondition = i % 2 == 0 && i + 1 < children.size();
        boolean isValue = i % 2 == 1;
        guards.add(isValue ? open.and(children.get(i - 1)) : open);
        open = isCondition || !isValue ? open : open.andNot(children.get(i - 1));
      }
    } else if (parent instanceof Coalesce) {
      Guard allNull = outer;
      for (Expression child : children) {
        guards.add(allNull);
        allNull = allNull.andNot(new IsNotNull(child));
      }
    } else if (parent instanceof And) {
      guards.add(outer);
      guards.add(outer.andNot(new Not(children.get(0))));
    } else if (parent instanceof Or) {
      guards.add(outer);
      guards.add(outer.andNot(children.get(0)));
    } else if (parent instanceof AggregateExpression && children.size() == 2) {
      guards.add(outer.and(children.get(1))); // the function, where FILTER holds
      guards.add(outer);
    } else if (parent instanceof ConditionalExpression) {
      children.forEach(child -> guards.add(null));
    } else {
      children.forEach(child -> guards.add(outer));
    }
    return guards;
  }
}
