package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import scala.reflect.ClassTag$;

/**
 * Embeds the child's rows in windows: only instruction and text are read, the other columns pass
 * through as bytes.
 */
final class EmbedTextExec extends UnaryPhysical {
  static final String NAME = "InstructorEmbed";

  private static final long serialVersionUID = 1L;
  private static final AtomicLong EXECUTIONS = new AtomicLong();

  private final EmbedText embed;
  private final Attribute result;
  private final SparkPlan child;
  private transient EmbedSqlMetrics counters;

  EmbedTextExec(EmbedText embed, Attribute result, SparkPlan child) {
    this.embed = embed;
    this.result = result;
    this.child = child;
  }

  /** The line of {@code EXPLAIN}. */
  static String describe(EmbedText embed, Attribute result) {
    return "%s %s = [instruction=%s, text=%s, %s]"
        .formatted(
            NAME,
            result,
            embed.instruction() instanceof Literal constant
                ? "'" + constant.value() + "'"
                : embed.instruction(),
            embed.text(),
            embed.call().description());
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  SparkPlan withChild(SparkPlan newChild) {
    return new EmbedTextExec(embed, result, newChild);
  }

  @Override
  List<Attribute> outputList() {
    List<Attribute> output = new ArrayList<>(Seqs.list(child.output()));
    output.add(result);
    return output;
  }

  @Override
  List<Attribute> producedList() {
    return List.of(result);
  }

  @Override
  Object[] fields() {
    return new Object[] {embed, result, child};
  }

  @Override
  EmbedTextExec withFields(Object[] fields) {
    return new EmbedTextExec((EmbedText) fields[0], (Attribute) fields[1], (SparkPlan) fields[2]);
  }

  @Override
  Map<String, SQLMetric> metricMap() {
    return counters().byKey();
  }

  private synchronized EmbedSqlMetrics counters() {
    if (counters == null) {
      counters = new EmbedSqlMetrics(sparkContext());
    }
    return counters;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    PartitionEmbedding partition =
        new PartitionEmbedding(
            embed.call(),
            bound(embed.instruction()),
            bound(embed.text()),
            child.schema(),
            counters(),
            EXECUTIONS.incrementAndGet());
    return new JavaRDD<>(child.execute(), ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class))
        .mapPartitionsWithIndex(partition::rows, false)
        .rdd();
  }

  /** With places of the child's row for its columns. */
  private Expression bound(Expression expression) {
    if (expression instanceof Attribute attribute) {
      List<Attribute> columns = Seqs.list(child.output());
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).exprId().equals(attribute.exprId())) {
          return new BoundReference(i, attribute.dataType(), attribute.nullable());
        }
      }
      throw new IllegalStateException("%s is not among %s".formatted(attribute, columns));
    }
    return expression.mapChildren(this::bound);
  }

  @Override
  public String nodeName() {
    return NAME;
  }

  @Override
  public String simpleString(int maxFields) {
    return describe(embed, result);
  }

  @Override
  public String verboseStringWithOperatorId() {
    return "%s%n%s%n".formatted(formattedNodeName(), describe(embed, result));
  }
}
