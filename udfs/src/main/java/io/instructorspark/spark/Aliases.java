package io.instructorspark.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/**
 * What a projection's columns stand for.
 *
 * @param expressions by the identity of the column
 */
record Aliases(Map<ExprId, Expression> expressions) {
  static Aliases of(Project project) {
    Map<ExprId, Expression> expressions = new HashMap<>();
    for (NamedExpression column : Seqs.list(project.projectList())) {
      if (column instanceof Alias alias) {
        expressions.put(alias.exprId(), alias.child());
      }
    }
    return new Aliases(expressions);
  }

  /** The expression over the columns below the projection. */
  Expression below(Expression expression) {
    return expression instanceof Attribute attribute
        ? expressions.getOrDefault(attribute.exprId(), attribute)
        : expression.mapChildren(this::below);
  }
}
