package io.instructorspark.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.unsafe.types.UTF8String;

/** The functions that SQL gets: names, arguments, and the expression of a call. */
enum SqlFunction {
  EMBED("instructor_embed", 2, 3, FunctionHelp.embed()) {
    @Override
    Expression call(List<Expression> arguments) {
      return new GetStructField(
          EMBEDDING.call(arguments), EmbedCall.VECTOR, scala.Option.apply("vector"));
    }
  },
  EMBEDDING("instructor_embedding", 2, 3, FunctionHelp.embedding()) {
    @Override
    Expression call(List<Expression> arguments) {
      return embedding(arguments, EmbedText::new);
    }
  },
  TOKEN_COUNT("instructor_token_count", 2, 2, FunctionHelp.tokenCount()) {
    @Override
    Expression call(List<Expression> arguments) {
      return embedding(arguments, TokenCount::new);
    }
  },
  INSTRUCTION("instructor_instruction", 3, 3, FunctionHelp.instruction()) {
    @Override
    Expression call(List<Expression> arguments) {
      return new InstructionSentence(arguments.get(0), arguments.get(1), arguments.get(2));
    }
  },
  COSINE_SIMILARITY(VectorFunction.COSINE_SIMILARITY, FunctionHelp.cosineSimilarity()),
  INNER_PRODUCT(VectorFunction.INNER_PRODUCT, FunctionHelp.innerProduct()),
  L2_DISTANCE(VectorFunction.L2_DISTANCE, FunctionHelp.l2Distance());

  /** One of those that Spark knows. */
  static final String SOURCE = "scala_udf";

  private final String sqlName;
  private final int fewest;
  private final int most;
  private final FunctionHelp help;
  private final VectorFunction vectorFunction;

  SqlFunction(String sqlName, int fewest, int most, FunctionHelp help) {
    this.sqlName = sqlName;
    this.fewest = fewest;
    this.most = most;
    this.help = help;
    this.vectorFunction = null;
  }

  SqlFunction(VectorFunction function, FunctionHelp help) {
    this.sqlName = function.sqlName();
    this.fewest = 2;
    this.most = 2;
    this.help = help;
    this.vectorFunction = function;
  }

  /** Those that Spark does not bring itself. */
  static List<SqlFunction> missingInSpark() {
    return Arrays.stream(values())
        .filter(
            function ->
                !FunctionRegistry$.MODULE$
                    .builtin()
                    .functionExists(new FunctionIdentifier(function.sqlName)))
        .toList();
  }

  String sqlName() {
    return sqlName;
  }

  /** What {@code DESCRIBE FUNCTION} says. */
  ExpressionInfo info() {
    return help.info(sqlName, getDeclaringClass().getName());
  }

  /**
   * The expression of a call.
   *
   * @throws IllegalArgumentException if it has too few or too many arguments, or they are wrong
   */
  Expression of(List<Expression> arguments) {
    if (arguments.size() < fewest || arguments.size() > most) {
      throw new IllegalArgumentException(
          "%s(%s) was called with %d arguments"
              .formatted(sqlName, help.parameters(), arguments.size()));
    }
    if (arguments.stream().anyMatch(NamedArgumentExpression.class::isInstance)) {
      throw new IllegalArgumentException(
          "%s takes its arguments by place, not by name: %s(%s)"
              .formatted(sqlName, sqlName, help.parameters()));
    }
    return call(arguments.stream().map(this::typed).toList());
  }

  Expression call(List<Expression> arguments) {
    return new VectorPair(vectorFunction, arguments.get(0), arguments.get(1));
  }

  /** A NULL without a type becomes a null of the function's type. */
  private Expression typed(Expression argument) {
    return argument.dataType() instanceof NullType
        ? Literal.create(
            null, vectorFunction == null ? DataTypes.StringType : OutputType.ARRAY.dataType())
        : argument;
  }

  /** What makes an expression of instruction, text, model and mode. */
  private interface Maker {
    Expression of(Expression instruction, Expression text, EmbedCall call);
  }

  private static Expression embedding(List<Expression> arguments, Maker maker) {
    SparkSession session = SparkSession.active();
    InstructorEmbedder stage = new InstructorEmbedder();
    if (arguments.size() > 2) {
      stage.setModel(modelOf(arguments.get(2)));
    }
    EmbedPlan plan = stage.plan(session);
    if (plan.spec().handleInvalid() == HandleInvalid.SKIP) {
      throw new IllegalArgumentException(
          "%s is skip, and a function cannot leave out rows; set it to keep or error, and filter by instructor_embedding(instruction, text).error"
              .formatted(SessionSetting.HANDLE_INVALID.key()));
    }
    Optional<String> constant = constant(arguments.get(0)).map(SqlFunction::named);
    constant.ifPresent(plan::requireRoomForText);
    Expression instruction =
        constant
            .<Expression>map(
                sentence -> Literal.create(UTF8String.fromString(sentence), DataTypes.StringType))
            .orElse(arguments.get(0));
    return maker.of(instruction, arguments.get(1), plan.call(null, constant));
  }

  private static String named(String instruction) {
    return InstructionCatalog.current().resolve(instruction);
  }

  private static String modelOf(Expression argument) {
    return constant(argument)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model must be a constant string, got %s; a query has one model for all rows"
                        .formatted(argument.sql())));
  }

  private static Optional<String> constant(Expression argument) {
    if (!argument.foldable() || !EmbedText.isString(argument)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(EmbedText.string(argument.eval(null)));
    } catch (Exception e) { // as current_date(), which Spark knows only when the query starts
      return Optional.empty();
    }
  }
}
