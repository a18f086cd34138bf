package io.instructorspark.spark;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives every session of an application the SQL functions and the batched operator: {@code
 * spark.sql.extensions=io.instructorspark.spark.InstructorExtensions}.
 *
 * <table>
 * <caption>Functions</caption>
 * <tr><td>{@code instructor_embed(instruction, text [, model])}</td>
 *   <td>the unit vector, {@code array<float>}; null for a null text and a row that cannot be
 *   embedded</td></tr>
 * <tr><td>{@code instructor_embedding(instruction, text [, model])}</td>
 *   <td>{@code struct<vector, token_count, truncated, error>}</td></tr>
 * <tr><td>{@code instructor_token_count(instruction, text)}</td>
 *   <td>tokens that the encoder reads, int</td></tr>
 * <tr><td>{@code instructor_instruction(domain, text_type, objective)}</td>
 *   <td>the sentence of the parts that are not null, string</td></tr>
 * <tr><td>{@code vector_cosine_similarity(a, b)}, {@code vector_inner_product(a, b)}, {@code
 *   vector_l2_distance(a, b)}</td>
 *   <td>Spark 4.2's, float, where Spark has none of its own</td></tr>
 * </table>
 *
 * <p>Model and mode are the session's {@code spark.instructor.*}. A session that runs already takes
 * {@link InstructorFunctions#register}.
 */
public final class InstructorExtensions
    extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** Made by Spark. */
  public InstructorExtensions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (SqlFunction function : SqlFunction.missingInSpark()) {
      extensions.injectFunction(
          new Tuple3<>(
              new FunctionIdentifier(function.sqlName()),
              function.info(),
              arguments -> function.of(Seqs.list(arguments))));
    }
    extensions.injectOptimizerRule(BatchedOperator::installing);
    return BoxedUnit.UNIT;
  }
}
