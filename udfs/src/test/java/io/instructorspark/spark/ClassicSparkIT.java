package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassicSparkIT {
  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = TestSession.get();
  }

  private static Dataset<Row> numbers() {
    return spark.range(3).toDF();
  }

  @Test
  void theTestsSessionIsClassic() {
    assertThat(ClassicSpark.isClassic(spark)).isTrue();
    assertThat(ClassicSpark.isClassic(null)).isFalse();
  }

  @Test
  void anExpressionIsAColumn() {
    assertThat(
            numbers()
                .select(ClassicSpark.column(Literal.create(7, DataTypes.IntegerType)))
                .collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(7, 7, 7);
  }

  @Test
  void aColumnIsAnExpression() {
    Expression named = ClassicSpark.expression(functions.col("id"));
    assertThat(named).isInstanceOf(UnresolvedAttribute.class);
    assertThat(named.resolved()).isFalse();
    Expression sum = ClassicSpark.expression(functions.col("id").plus(1));
    assertThat(numbers().select(ClassicSpark.column(sum)).collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void anExpressionComesBackAsItWas() {
    Expression seven = Literal.create(7, DataTypes.IntegerType);
    assertThat(ClassicSpark.expression(ClassicSpark.column(seven))).isEqualTo(seven);
  }

  @Test
  void plansAreAnalysed() {
    Dataset<Row> doubled = numbers().select(functions.col("id").multiply(2).as("twice"));
    for (LogicalPlan plan :
        List.of(ClassicSpark.logicalPlan(doubled), ClassicSpark.analyzed(doubled))) {
      assertThat(plan.resolved()).isTrue();
      assertThat(plan.schema().fieldNames()).containsExactly("twice");
    }
  }

  @Test
  void aPlanGivesItsRows() {
    Dataset<Row> again = ClassicSpark.ofRows(spark, ClassicSpark.logicalPlan(numbers()));
    assertThat(again.collectAsList()).isEqualTo(numbers().collectAsList());
    assertThat(again.sparkSession()).isSameAs(spark);
  }

  @Test
  void whatSparkThrowsComesThrough() {
    Dataset<Row> numbers = numbers();
    assertThatThrownBy(
            () ->
                ClassicSpark.ofRows(
                    spark,
                    new org.apache.spark.sql.catalyst.plans.logical.Filter(
                        ClassicSpark.expression(functions.col("nowhere")),
                        ClassicSpark.logicalPlan(numbers))))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void theSessionsStateHasItsFunctions() {
    assertThat(
            ClassicSpark.sessionState(spark)
                .functionRegistry()
                .functionExists(new FunctionIdentifier("upper")))
        .isTrue();
  }

  @Test
  void rulesAndStrategiesCanBeAdded() {
    assertThat(ClassicSpark.experimental(spark))
        .isSameAs(ClassicSpark.sessionState(spark).experimentalMethods());
  }
}
