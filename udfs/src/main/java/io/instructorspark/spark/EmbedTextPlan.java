package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.logical.statsEstimation.EstimationUtils;
import org.apache.spark.sql.types.Metadata;
import scala.math.BigInt;

/**
 * The child's rows and, behind their columns, what an embedding makes of each. Rows in equal rows
 * out, in order.
 */
final class EmbedTextPlan extends UnaryLogical {
  private static final long serialVersionUID = 1L;
  private static final String RESULT = "_instructor";

  private final EmbedText embed;
  private final Attribute result;
  private final LogicalPlan child;

  EmbedTextPlan(EmbedText embed, Attribute result, LogicalPlan child) {
    this.embed = embed;
    this.result = result;
    this.child = child;
  }

  /** Over a child, with a new attribute for the result. */
  static EmbedTextPlan over(LogicalPlan child, EmbedText embed) {
    Attribute result =
        new AttributeReference(
            RESULT,
            embed.dataType(),
            false,
            Metadata.empty(),
            NamedExpression.newExprId(),
            Seqs.of(List.of()));
    return new EmbedTextPlan(embed, result, child);
  }

  EmbedText embed() {
    return embed;
  }

  Attribute result() {
    return result;
  }

  @Override
  public LogicalPlan child() {
    return child;
  }

  @Override
  LogicalPlan withChild(LogicalPlan newChild) {
    return new EmbedTextPlan(embed, result, newChild);
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
  EmbedTextPlan withFields(Object[] fields) {
    return new EmbedTextPlan((EmbedText) fields[0], (Attribute) fields[1], (LogicalPlan) fields[2]);
  }

  @Override
  public scala.Option<Object> maxRows() {
    return child.maxRows();
  }

  @Override
  public scala.Option<Object> maxRowsPerPartition() {
    return child.maxRowsPerPartition();
  }

  /**
   * Spark takes an array for one element; a vector has hundreds, and broadcasts are decided by
   * size.
   */
  @Override
  public Statistics stats() {
    Statistics below = child.stats();
    BigInt rowBytes = EstimationUtils.getSizePerRow(child.output(), below.attributeStats());
    BigInt rows =
        below.rowCount().isDefined()
            ? below.rowCount().get()
            : below.sizeInBytes().$div(rowBytes.max(BigInt.apply(1)));
    BigInt vectors = rows.$times(BigInt.apply(embed.call().vectorBytes()));
    return new Statistics(
        below.sizeInBytes().$plus(vectors), below.rowCount(), below.attributeStats(), false);
  }

  @Override
  public String nodeName() {
    return EmbedTextExec.NAME;
  }

  @Override
  public String simpleString(int maxFields) {
    return EmbedTextExec.describe(embed, result);
  }
}
