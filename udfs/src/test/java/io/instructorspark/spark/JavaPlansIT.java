package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

/** What is written in Java takes part in Spark's planning as what is written in Scala does. */
class JavaPlansIT {
  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = TestSession.get();
    ClassicSpark.experimental(spark).extraStrategies_$eq(Seqs.of(List.of(new SumStrategy())));
  }

  @AfterAll
  static void takeTheStrategyBack() {
    ClassicSpark.experimental(spark).extraStrategies_$eq(Seqs.of(List.of()));
  }

  private static Dataset<Row> numbers() {
    return spark.range(0, 10, 1, 2).toDF();
  }

  private static Column sum(Column left, Column right) {
    return ClassicSpark.column(
        new Sum(ClassicSpark.expression(left), ClassicSpark.expression(right)));
  }

  private static Dataset<Row> withSum(Dataset<Row> dataset, String left, String right) {
    LogicalPlan child = ClassicSpark.logicalPlan(dataset);
    Expression sum = new Sum(attribute(child, left), attribute(child, right));
    return ClassicSpark.ofRows(spark, new SumLogical(sum, output("sum"), child));
  }

  private static Attribute attribute(LogicalPlan plan, String name) {
    return Seqs.<Attribute>list(plan.output()).stream()
        .filter(attribute -> attribute.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Attribute output(String name) {
    return new AttributeReference(
        name,
        DataTypes.LongType,
        true,
        Metadata.empty(),
        NamedExpression.newExprId(),
        Seqs.of(List.of()));
  }

  private static List<Long> longs(Dataset<Row> dataset, String column) {
    return dataset.select(column).collectAsList().stream().map(row -> row.getLong(0)).toList();
  }

  @Test
  void anExpressionIsAnalysedAndRuns() {
    Dataset<Row> sums =
        numbers().select(sum(functions.col("id"), functions.col("id").multiply(10)).as("sum"));
    assertThat(longs(sums, "sum")).startsWith(0L, 11L, 22L).hasSize(10);
  }

  @Test
  void anExpressionInAFilterIsPushedAndOptimisedAsOthersAre() {
    Dataset<Row> rows =
        numbers()
            .withColumn("twice", sum(functions.col("id"), functions.col("id")))
            .filter(functions.col("twice").gt(15))
            .select("id");
    assertThat(longs(rows, "id")).containsExactly(8L, 9L);
  }

  @Test
  void expressionsAreEqualByClassAndFields() {
    Expression one =
        new Sum(Literal.create(1L, DataTypes.LongType), Literal.create(2L, DataTypes.LongType));
    assertThat(one)
        .isEqualTo(
            new Sum(Literal.create(1L, DataTypes.LongType), Literal.create(2L, DataTypes.LongType)))
        .hasSameHashCodeAs(
            new Sum(Literal.create(1L, DataTypes.LongType), Literal.create(2L, DataTypes.LongType)))
        .isNotEqualTo(
            new Sum(Literal.create(2L, DataTypes.LongType), Literal.create(1L, DataTypes.LongType)))
        .isNotEqualTo(Literal.create(3L, DataTypes.LongType));
    assertThat(one.clone()).isEqualTo(one).isNotSameAs(one);
    assertThat(one.semanticEquals(one.clone())).isTrue();
  }

  @Test
  void aPlanIsPlannedAndRunsWithItsChildsPartitions() {
    Dataset<Row> sums = withSum(numbers(), "id", "id");
    assertThat(sums.columns()).containsExactly("id", "sum");
    assertThat(longs(sums, "sum")).containsExactly(0L, 2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 18L);
    assertThat(sums.rdd().getNumPartitions()).isEqualTo(2);
  }

  @Test
  void aPlanTakesPartInWhatStandsAboveIt() {
    Dataset<Row> sums =
        withSum(numbers(), "id", "id")
            .filter(functions.col("sum").geq(4))
            .groupBy(functions.col("sum").mod(4).as("rest"))
            .count()
            .orderBy("rest");
    assertThat(longs(sums, "count")).containsExactly(4L, 4L);
    Dataset<Row> joined = withSum(numbers(), "id", "id").as("a");
    assertThat(
            joined
                .join(
                    withSum(numbers(), "id", "id").as("b"),
                    functions.col("a.sum").equalTo(functions.col("b.id")))
                .count())
        .isEqualTo(5);
  }

  @Test
  void aPlanIsCached() {
    Dataset<Row> sums = withSum(numbers(), "id", "id").cache();
    try {
      assertThat(longs(sums, "sum")).isEqualTo(longs(sums, "sum")).hasSize(10);
    } finally {
      sums.unpersist();
    }
  }

  @Test
  void columnsOfTheChildAreReplacedInItsExpressions() {
    Dataset<Row> sums =
        withSum(numbers().select(functions.col("id").plus(1).as("more")), "more", "more");
    assertThat(sums.queryExecution().optimizedPlan().resolved()).isTrue();
    assertThat(longs(sums, "sum")).startsWith(2L, 4L).hasSize(10);
  }

  @Test
  void plansAreEqualByClassAndFields() {
    LogicalPlan plan = withSum(numbers(), "id", "id").queryExecution().analyzed();
    assertThat(plan.clone()).isEqualTo(plan).isNotSameAs(plan).hasSameHashCodeAs(plan);
    SparkPlan physical = withSum(numbers(), "id", "id").queryExecution().sparkPlan();
    assertThat(physical.clone()).isEqualTo(physical).isNotSameAs(physical);
    assertThat(physical.canonicalized()).isEqualTo(physical.clone().canonicalized());
  }

  @Test
  void countersAreThoseOfTheirPlanInTheirOrder() {
    SparkPlan plan = withSum(numbers(), "id", "id").queryExecution().sparkPlan();
    assertThat(plan).isInstanceOf(SumPhysical.class);
    plan.execute().count();
    Map<String, SQLMetric> metrics = Seqs.map(plan.metrics());
    assertThat(metrics.keySet()).containsExactly("rows", "columns");
    assertThat(metrics.get("rows").value()).isEqualTo(10);
  }

  @Test
  void treesShowTheirNodesByName() {
    String tree = withSum(numbers(), "id", "id").queryExecution().toString();
    assertThat(tree).contains("SumLogical sum(id", "SumPhysical sum(id");
  }

  /** The sum of two numbers, computed row by row. */
  private static final class Sum extends JavaExpression implements CodegenFallback {
    private static final long serialVersionUID = 1;

    private final Expression left;
    private final Expression right;

    Sum(Expression left, Expression right) {
      this.left = left;
      this.right = right;
    }

    @Override
    List<Expression> childList() {
      return List.of(left, right);
    }

    @Override
    Expression withChildList(List<Expression> children) {
      return new Sum(children.get(0), children.get(1));
    }

    @Override
    Object[] fields() {
      return new Object[] {left, right};
    }

    @Override
    Expression withFields(Object[] fields) {
      return new Sum((Expression) fields[0], (Expression) fields[1]);
    }

    @Override
    public boolean nullable() {
      return true;
    }

    @Override
    public DataType dataType() {
      return DataTypes.LongType;
    }

    @Override
    public Object eval(InternalRow row) {
      return (Long) left.eval(row) + (Long) right.eval(row);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
      return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public String prettyName() {
      return "sum";
    }
  }

  /** Adds a column with an expression's value. */
  private static final class SumLogical extends UnaryLogical {
    private static final long serialVersionUID = 1;

    private final Expression sum;
    private final Attribute result;
    private final LogicalPlan child;

    SumLogical(Expression sum, Attribute result, LogicalPlan child) {
      this.sum = sum;
      this.result = result;
      this.child = child;
    }

    @Override
    public LogicalPlan child() {
      return child;
    }

    @Override
    LogicalPlan withChild(LogicalPlan other) {
      return new SumLogical(sum, result, other);
    }

    @Override
    List<Attribute> outputList() {
      List<Attribute> output = new ArrayList<>(Seqs.<Attribute>list(child.output()));
      output.add(result);
      return output;
    }

    @Override
    List<Attribute> producedList() {
      return List.of(result);
    }

    @Override
    Object[] fields() {
      return new Object[] {sum, result, child};
    }

    @Override
    LogicalPlan withFields(Object[] fields) {
      return new SumLogical((Expression) fields[0], (Attribute) fields[1], (LogicalPlan) fields[2]);
    }
  }

  /** Computes {@link SumLogical}. */
  private static final class SumPhysical extends UnaryPhysical {
    private static final long serialVersionUID = 1;

    private final Expression sum;
    private final Attribute result;
    private final SparkPlan child;

    SumPhysical(Expression sum, Attribute result, SparkPlan child) {
      this.sum = sum;
      this.result = result;
      this.child = child;
    }

    @Override
    public SparkPlan child() {
      return child;
    }

    @Override
    SparkPlan withChild(SparkPlan other) {
      return new SumPhysical(sum, result, other);
    }

    @Override
    List<Attribute> outputList() {
      List<Attribute> output = new ArrayList<>(Seqs.<Attribute>list(child.output()));
      output.add(result);
      return output;
    }

    @Override
    List<Attribute> producedList() {
      return List.of(result);
    }

    @Override
    Object[] fields() {
      return new Object[] {sum, result, child};
    }

    @Override
    SparkPlan withFields(Object[] fields) {
      return new SumPhysical((Expression) fields[0], (Attribute) fields[1], (SparkPlan) fields[2]);
    }

    @Override
    Map<String, SQLMetric> metricMap() {
      Map<String, SQLMetric> metrics = new LinkedHashMap<>();
      metrics.put("rows", SQLMetrics.createMetric(sparkContext(), "rows"));
      metrics.put("columns", SQLMetrics.createMetric(sparkContext(), "columns"));
      return metrics;
    }

    @Override
    public RDD<InternalRow> doExecute() {
      SQLMetric rows = metrics().apply("rows");
      Expression each = sum;
      scala.collection.immutable.List<Attribute> in = child.output().toList();
      scala.collection.immutable.List<Attribute> out = output();
      return new JavaRDD<>(child.execute(), ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class))
          .mapPartitions(
              part -> {
                UnsafeProjection value = UnsafeProjection.create(Seqs.of(List.of(each)), in);
                UnsafeProjection all =
                    UnsafeProjection.create(Seqs.of(Seqs.<Attribute>list(out)), out);
                return mapped(
                    part,
                    row -> {
                      rows.add(1);
                      Object number = value.apply(row).getLong(0);
                      InternalRow added = new GenericInternalRow(new Object[] {number});
                      return all.apply(new JoinedRow(row, added));
                    });
              })
          .rdd();
    }
  }

  private static Iterator<InternalRow> mapped(
      Iterator<InternalRow> rows, UnaryOperator<InternalRow> each) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public InternalRow next() {
        return each.apply(rows.next());
      }
    };
  }

  /** Plans {@link SumLogical}. */
  private static final class SumStrategy extends SparkStrategy {
    private static final long serialVersionUID = 1;

    @Override
    public scala.collection.immutable.List<SparkPlan> apply(LogicalPlan plan) {
      return plan instanceof SumLogical sum
          ? Seqs.of(List.of(new SumPhysical(sum.sum, sum.result, planLater(sum.child))))
          : Seqs.of(List.of());
    }
  }
}
