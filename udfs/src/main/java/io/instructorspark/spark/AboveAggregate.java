package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/**
 * Divides an aggregate that embeds what it has aggregated, as {@code instructor_embed(i,
 * max(text))} does, into the aggregate and a projection above it that embeds one text a group.
 */
final class AboveAggregate {
  private final Aggregate aggregate;
  private final List<Expression> grouping;
  private final Map<Expression, NamedExpression> columns = new LinkedHashMap<>();

  private AboveAggregate(Aggregate aggregate) {
    this.aggregate = aggregate;
    this.grouping = Seqs.list(aggregate.groupingExpressions());
  }

  /** Whether some column embeds a group's value. */
  static boolean isNeededFor(Aggregate aggregate) {
    AboveAggregate division = new AboveAggregate(aggregate);
    return Seqs.list(aggregate.aggregateExpressions()).stream().anyMatch(division::embedsGroups);
  }

  /** The projection, its child the aggregate. */
  static Project of(Aggregate aggregate) {
    return new AboveAggregate(aggregate).divided();
  }

  private Project divided() {
    List<NamedExpression> above = new ArrayList<>();
    for (NamedExpression column : Seqs.list(aggregate.aggregateExpressions())) {
      if (embedsGroups((Expression) column)) {
        above.add((NamedExpression) ofGroups((Expression) column));
      } else {
        columns.put((Expression) column, column);
        above.add(column.toAttribute());
      }
    }
    Object[] fields = new Object[aggregate.productArity()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = aggregate.productElement(i);
    }
    fields[1] = Seqs.of(List.copyOf(columns.values()));
    return new Project(Seqs.of(above), aggregate.makeCopy(fields));
  }

  private boolean embedsGroups(NamedExpression column) {
    return embedsGroups((Expression) column);
  }

  private boolean embedsGroups(Expression expression) {
    if (isGroupValue(expression)) {
      return false;
    }
    return expression instanceof EmbedText
        || Seqs.list(expression.children()).stream().anyMatch(this::embedsGroups);
  }

  /** What the aggregate makes stands as its column. */
  private Expression ofGroups(Expression expression) {
    return isGroupValue(expression)
        ? (Expression) column(expression).toAttribute()
        : expression.mapChildren(this::ofGroups);
  }

  private NamedExpression column(Expression value) {
    return columns.computeIfAbsent(
        value.canonicalized(),
        key -> value instanceof Attribute attribute ? attribute : named(value));
  }

  private static Alias named(Expression value) {
    return new Alias(
        value,
        "_instructor_group",
        NamedExpression.newExprId(),
        Seqs.of(List.of()),
        scala.Option.empty(),
        Seqs.of(List.of()));
  }

  private boolean isGroupValue(Expression expression) {
    return expression instanceof AggregateExpression
        || grouping.stream().anyMatch(group -> group.semanticEquals(expression));
  }
}
