package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SQL functions return, and what they refuse. */
class SqlFunctionsIT {
  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = OperatorSessions.extended();
    SparkSession.setActiveSession(session);
    session.conf().set("spark.instructor.model", OperatorSessions.TINY);
  }

  private Object value(String expression) {
    return only(expression).get(0);
  }

  private Row only(String expression) {
    return session.sql("SELECT " + expression).collectAsList().get(0);
  }

  @Nested
  class Embed {
    @Test
    void isAnArrayOfFloatWithoutNulls() {
      StructField field =
          session.sql("SELECT instructor_embed('', 'Water') AS v").schema().apply("v");
      assertThat(field.dataType()).isEqualTo(DataTypes.createArrayType(DataTypes.FloatType, false));
      List<Float> vector = only("instructor_embed('', 'Water')").getList(0);
      assertThat(vector).hasSize(32).doesNotContainNull();
      assertThat(vector.stream().mapToDouble(x -> x * x).sum()).isCloseTo(1, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NULL", "CAST(NULL AS STRING)", "nullif('a', 'a')"})
    void ofANullTextIsNull(String text) {
      assertThat(value("instructor_embed('x: ', %s)".formatted(text))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NULL", "CAST(NULL AS STRING)"})
    void takesANullInstructionForTheEmptyOne(String instruction) {
      Row both =
          only(
              "instructor_embed(%s, 'Water'), instructor_embed('', 'Water')"
                  .formatted(instruction));
      assertThat(both.getList(0)).isEqualTo(both.getList(1));
    }

    @Test
    void takesNamedInstructions() {
      Row both =
          only(
              "instructor_embed('@classify-topic', 'Water'),"
                  + " instructor_embed('Represent the text for classifying its topic: ', 'Water')");
      assertThat(both.getList(0)).isEqualTo(both.getList(1));
    }

    @Test
    void refusesANameThatIsNotThere() {
      assertThatThrownBy(() -> value("instructor_embed('@classify-topics', 'Water')"))
          .hasMessageContaining("classify-topic");
    }

    @Test
    void takesAModelOfItsOwn() {
      String untied = OperatorSessions.fixture("tiny-xl");
      Row both =
          only(
              "instructor_embed('', 'Water', '%s') AS a, instructor_embed('', 'Water') AS b"
                  .formatted(untied));
      assertThat(both.getList(0)).isNotEqualTo(both.getList(1));
      assertThat(VectorOrigin.of(both.schema().apply("a")).orElseThrow().model()).isEqualTo(untied);
    }

    @Test
    void refusesAModelByRow() {
      assertThatThrownBy(
              () -> session.sql("SELECT instructor_embed('', a, a) FROM VALUES ('x') AS t(a)"))
          .hasMessageContaining("the model must be a constant string");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "instructor_embed('x')                 | was called with 1 arguments",
          "instructor_embed('x', 'y', 'z', 'w')  | was called with 4 arguments",
          "instructor_embed('x', 7)              | the text is int, and only strings can be embedded; cast it to string",
          "instructor_embed(array('x'), 'y')     | the instruction is array<string>",
          "instructor_embed('x', 'y', '/no/such/model') | /no/such/model",
          "instructor_embed(instruction => 'x', text => 'y') | takes its arguments by place",
          "instructor_token_count('x')           | was called with 1 arguments",
          "instructor_instruction('a', 'b')      | was called with 2 arguments",
          "instructor_instruction('a', 'b', 3)   | takes three strings",
          "vector_inner_product(array(1.0F), array(1))  | the second argument of vector_inner_product must be array<float>, got array<int>",
        })
    void refusesWrongArgumentsBeforeTheQueryRuns(String call, String message) {
      assertThatThrownBy(() -> session.sql("SELECT " + call)).hasMessageContaining(message);
    }

    @Test
    void refusesAConstantInstructionThatFillsTheWindow() {
      assertThatThrownBy(
              () ->
                  session.sql("SELECT instructor_embed('%s', 'y')".formatted("far ".repeat(2000))))
          .hasMessageContaining("fills the window");
    }

    @Test
    void refusesToLeaveOutRows() {
      session.conf().set("spark.instructor.handleInvalid", "skip");
      try {
        assertThatThrownBy(() -> session.sql("SELECT instructor_embed('', 'y')"))
            .hasMessageContaining("a function cannot leave out rows");
      } finally {
        session.conf().unset("spark.instructor.handleInvalid");
      }
    }

    @Test
    void saysItsOriginInTheColumnsMetadata(@TempDir Path folder) {
      String file = folder.resolve("vectors").toString();
      session.sql("SELECT instructor_embed('x: ', 'Water') AS v").write().parquet(file);
      VectorOrigin origin =
          VectorOrigin.of(session.read().parquet(file).schema().apply("v")).orElseThrow();
      assertThat(origin.model()).isEqualTo(OperatorSessions.TINY);
      assertThat(origin.precision()).isEqualTo("fp32");
      assertThat(origin.dimension()).isEqualTo(32);
      assertThat(origin.instruction()).contains("x: ");
    }
  }

  @Nested
  class Embedding {
    @Test
    void saysTokensTruncationAndErrors() {
      session.conf().set("spark.instructor.longText", "error");
      try {
        Row good = only("instructor_embedding('x: ', 'Water')").getStruct(0);
        assertThat(good.getList(0)).hasSize(32);
        assertThat(good.getInt(1)).isPositive();
        assertThat(good.getBoolean(2)).isFalse();
        assertThat(good.getString(3)).isNull();
        Row bad = only("instructor_embedding('x: ', repeat('Water ', 5000))").getStruct(0);
        assertThat(bad.isNullAt(0)).isTrue();
        assertThat(bad.getInt(1)).isZero();
        assertThat(bad.getString(3)).contains("the window holds");
      } finally {
        session.conf().unset("spark.instructor.longText");
      }
    }
  }

  @Nested
  class TokenCount {
    @ParameterizedTest
    @ValueSource(strings = {"''", "'Water on the early surface of Mars'", "repeat('Water ', 5000)"})
    void isWhatTheEncoderReads(String text) {
      Row both =
          only(
              "instructor_token_count('x: ', %s), instructor_embedding('x: ', %s).token_count"
                  .formatted(text, text));
      assertThat(both.getInt(0)).isEqualTo(both.getInt(1)).isPositive();
    }

    @Test
    void ofANullTextIsNull() {
      assertThat(value("instructor_token_count('x: ', NULL)")).isNull();
    }

    @Test
    void isCountedForManyRows() {
      assertThat(
              session
                  .range(0, 1000, 1, 4)
                  .selectExpr("instructor_token_count('x: ', string(id)) AS n")
                  .filter("n > 2")
                  .count())
          .isEqualTo(1000);
    }
  }

  @Nested
  class Instruction {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '"',
        value = {
          "'Wikipedia', 'question', 'retrieval' | \"Represent the Wikipedia question for retrieval: \"",
          "NULL, 'question', 'retrieval'        | \"Represent the question for retrieval: \"",
          "NULL, NULL, NULL                     | \"Represent the text: \"",
        })
    void isTheSentenceOfItsParts(String parts, String sentence) {
      assertThat(value("instructor_instruction(%s)".formatted(parts))).isEqualTo(sentence);
    }

    @Test
    void maySayWhatToEmbedFor() {
      Row both =
          only(
              "instructor_embed(instructor_instruction('news', 'article', 'retrieval'), 'Water'),"
                  + " instructor_embed('Represent the news article for retrieval: ', 'Water')");
      assertThat(both.getList(0)).isEqualTo(both.getList(1));
    }
  }

  /** The rules of Spark 4.2. */
  @Nested
  class VectorFunctions {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        nullValues = "null",
        value = {
          "vector_cosine_similarity(array(1.0F, 2.0F, 3.0F), array(4.0F, 5.0F, 6.0F)) | 0.97463185",
          "vector_inner_product(array(1.0F, 2.0F, 3.0F), array(4.0F, 5.0F, 6.0F))     | 32.0",
          "vector_l2_distance(array(1.0F, 2.0F, 3.0F), array(4.0F, 5.0F, 6.0F))       | 5.196152",
          "vector_cosine_similarity(array(0.0F, 0.0F), array(1.0F, 0.0F))             | null",
          "vector_cosine_similarity(CAST(array() AS array<float>), CAST(array() AS array<float>)) | null",
          "vector_inner_product(CAST(array() AS array<float>), CAST(array() AS array<float>)) | 0.0",
          "vector_l2_distance(CAST(array() AS array<float>), CAST(array() AS array<float>)) | 0.0",
          "vector_inner_product(CAST(NULL AS array<float>), array(1.0F))              | null",
          "vector_inner_product(array(1.0F), CAST(NULL AS array<float>))              | null",
          "vector_l2_distance(NULL, array(1.0F))                                      | null",
          "vector_l2_distance(array(1.0F, CAST(NULL AS FLOAT)), array(1.0F, 2.0F))    | null",
          "vector_cosine_similarity(array(1.0F, 2.0F), array(1.0F, CAST(NULL AS FLOAT))) | null",
          "vector_inner_product(array(1.0E20F), array(1.0E20F))                       | Infinity",
          "vector_cosine_similarity(array(1.0E20F, 0.0F), array(1.0E20F, 0.0F))       | 1.0",
        })
    void areThoseOfSpark(String call, Float expected) {
      Object constant = value(call);
      assertThat(constant).isEqualTo(expected);
      assertThat(session.range(3).selectExpr(call).collectAsList())
          .allSatisfy(row -> assertThat(row.get(0)).isEqualTo(expected));
    }

    @Test
    void refuseVectorsOfDifferentDimensions() {
      assertThatThrownBy(() -> value("vector_inner_product(array(1.0F), array(1.0F, 2.0F))"))
          .hasStackTraceContaining("VECTOR_DIMENSION_MISMATCH")
          .hasStackTraceContaining("got 1 and 2");
    }

    @Test
    void areGivenOnlyWhereSparkHasNone() {
      for (SqlFunction function : SqlFunction.missingInSpark()) {
        assertThat(
                FunctionRegistry$.MODULE$
                    .builtin()
                    .functionExists(new FunctionIdentifier(function.sqlName())))
            .isFalse();
      }
      assertThat(SqlFunction.missingInSpark()).contains(SqlFunction.EMBED);
    }

    @Test
    void refuseVectorsOfDifferentModels() {
      assertThatThrownBy(
              () ->
                  session.sql(
                      "SELECT vector_inner_product(instructor_embed('', 'a'), instructor_embed('', 'a', '%s'))"
                          .formatted(OperatorSessions.fixture("tiny-xl"))))
          .hasMessageContaining("are different models")
          .hasMessageContaining("tiny-xl")
          .hasMessageContaining("Embed both with one model and mode");
    }

    @Test
    void refuseVectorsOfDifferentModes(@TempDir Path folder) {
      String file = folder.resolve("vectors").toString();
      session.sql("SELECT 1 AS id, instructor_embed('x: ', 'Water') AS v").write().parquet(file);
      session.read().parquet(file).createOrReplaceTempView("in_fp32");
      session.conf().set("spark.instructor.precision", "bf16");
      try {
        assertThatThrownBy(
                () ->
                    session.sql(
                        "SELECT vector_cosine_similarity(v, instructor_embed('x: ', 'Water')) FROM in_fp32"))
            .hasMessageContaining("precision is fp32 on one side and bf16 on the other");
        assertThatThrownBy(
                () ->
                    session
                        .sql(
                            "SELECT id, v FROM in_fp32 UNION ALL SELECT 2, instructor_embed('x: ', 'Mars')")
                        .collectAsList())
            .hasMessageContaining("UNION of column 'v'")
            .hasMessageContaining("precision is fp32 on one side and bf16 on the other");
      } finally {
        session.conf().unset("spark.instructor.precision");
      }
    }

    @Test
    void takeVectorsOfDifferentInstructions() {
      assertThat(
              value(
                  "vector_inner_product(instructor_embed('query: ', 'a'), instructor_embed('document: ', 'a'))"))
          .isNotNull();
    }
  }

  @Nested
  class Sessions {
    @Test
    void withDifferentModelsAndPrecisionsDoNotMix() {
      SparkSession other = OperatorSessions.registered();
      other.conf().set("spark.instructor.model", OperatorSessions.fixture("tiny-xl"));
      other.conf().set("spark.instructor.precision", "bf16");
      String query = "SELECT instructor_embed('', 'Water') AS v";
      VectorOrigin mine = VectorOrigin.of(session.sql(query).schema().apply("v")).orElseThrow();
      VectorOrigin others = VectorOrigin.of(other.sql(query).schema().apply("v")).orElseThrow();
      assertThat(mine.fingerprint()).isNotEqualTo(others.fingerprint());
      assertThat(List.of(mine.precision(), others.precision())).containsExactly("fp32", "bf16");
      for (int i = 0; i < 3; i++) {
        assertThat(session.sql(query).collectAsList().get(0).getList(0))
            .isNotEqualTo(other.sql(query).collectAsList().get(0).getList(0));
      }
      other.conf().unset("spark.instructor.precision");
    }

    @Test
    void describeTheFunctions() {
      assertThat(session.sql("DESCRIBE FUNCTION instructor_embed").collectAsList().toString())
          .contains("instructor_embed(instruction, text [, model])");
    }
  }
}
