package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;

/**
 * What {@code DESCRIBE FUNCTION EXTENDED} says of a function. {@code _FUNC_} stands for its name.
 *
 * @param parameters the names of its arguments, as a call has them
 * @param usage what it returns: one sentence
 * @param arguments what each argument is, behind its name and a hyphen
 * @param examples queries, each with what it prints
 * @param note nulls, errors and settings: some sentences
 */
record FunctionHelp(
    String parameters, String usage, List<String> arguments, List<Example> examples, String note) {
  private static final String SINCE = "0.1.0";

  private static final String INSTRUCTION =
      "instruction - string: what the vector is for, with its final space; a constant '@name' takes a named one; null is the empty one";
  private static final String TEXT = "text - string: the text";
  private static final String MODEL =
      "model - string, a constant: a checkpoint in place of the session's";
  private static final String SESSION =
      "Model and mode are the session's, by spark.instructor.model and the like; the examples have the built-in model.";

  /** A query and the line that it prints. */
  record Example(String query, String result) {}

  FunctionHelp {
    arguments = List.copyOf(arguments);
    examples = List.copyOf(examples);
  }

  static FunctionHelp embed() {
    return new FunctionHelp(
        "instruction, text [, model]",
        "Returns the text's unit vector for the purpose that the instruction states, array<float>.",
        List.of(INSTRUCTION, TEXT, MODEL),
        List.of(
            new Example("SELECT size(_FUNC_('Represent the review: ', 'The zip broke'))", "256"),
            new Example("SELECT _FUNC_('@cluster-feedback', CAST(NULL AS STRING))", "NULL")),
        "Null for a null text, and for a row that cannot be embedded; instructor_embedding says why. With spark.instructor.handleInvalid=error the query fails instead. "
            + SESSION);
  }

  static FunctionHelp embedding() {
    return new FunctionHelp(
        "instruction, text [, model]",
        "Returns the text's unit vector, the tokens that were read for it, whether the text lost its end, and why there is no vector, struct<vector, token_count, truncated, error>.",
        List.of(INSTRUCTION, TEXT, MODEL),
        List.of(
            new Example(
                "SELECT size(e.vector), e.token_count, e.truncated, e.error FROM (SELECT _FUNC_('Represent the review: ', 'The zip broke') AS e)",
                "256\t8\tfalse\tNULL"),
            new Example(
                "SELECT e.vector, e.token_count, e.error FROM (SELECT _FUNC_('', CAST(NULL AS STRING)) AS e)",
                "NULL\t0\tNULL")),
        "Never null itself. For a null text vector and error are null and token_count is 0; for a row that cannot be embedded vector is null and error says why. "
            + SESSION);
  }

  static FunctionHelp tokenCount() {
    return new FunctionHelp(
        "instruction, text",
        "Returns how many tokens the encoder reads for instruction and text, end mark included, int.",
        List.of(INSTRUCTION, TEXT),
        List.of(
            new Example("SELECT _FUNC_('Represent the review: ', 'The zip broke')", "8"),
            new Example("SELECT _FUNC_('', CAST(NULL AS STRING))", "NULL")),
        "Null for a null text, 0 for a row that cannot be embedded. At most spark.instructor.maxLength; with spark.instructor.longText=chunk the sum over all pieces. Nothing is encoded. "
            + SESSION);
  }

  static FunctionHelp instruction() {
    return new FunctionHelp(
        "domain, text_type, objective",
        "Returns the instruction that the parts make, in the form that the models were trained with, string.",
        List.of(
            "domain - string: what the texts are about, or where they are from",
            "text_type - string: what kind of text they are",
            "objective - string: what the vectors are for"),
        List.of(
            new Example(
                "SELECT _FUNC_('product', 'review', 'classifying sentiment')",
                "Represent the product review for classifying sentiment: "),
            new Example("SELECT _FUNC_(NULL, 'question', NULL)", "Represent the question: ")),
        "A part that is null is left out. Never null itself.");
  }

  static FunctionHelp cosineSimilarity() {
    return vectors(
        "Returns the cosine of the angle between two vectors, from -1 to 1, float.",
        List.of(
            new Example("SELECT _FUNC_(array(3.0F, 4.0F), array(4.0F, 3.0F))", "0.96"),
            new Example("SELECT _FUNC_(array(0.0F, 0.0F), array(4.0F, 3.0F))", "NULL")),
        "Null where a vector or one of its elements is null, and for vectors that are empty or all zero.");
  }

  static FunctionHelp innerProduct() {
    return vectors(
        "Returns the sum of the products of two vectors' elements, float.",
        List.of(
            new Example("SELECT _FUNC_(array(3.0F, 4.0F), array(4.0F, 3.0F))", "24.0"),
            new Example(
                "SELECT _FUNC_(CAST(array() AS ARRAY<FLOAT>), CAST(array() AS ARRAY<FLOAT>))",
                "0.0")),
        "Null where a vector or one of its elements is null; 0 for empty vectors.");
  }

  static FunctionHelp l2Distance() {
    return vectors(
        "Returns the Euclidean distance of two vectors, float.",
        List.of(
            new Example("SELECT _FUNC_(array(1.0F, 2.0F), array(4.0F, 6.0F))", "5.0"),
            new Example("SELECT _FUNC_(array(1.0F, NULL), array(4.0F, 6.0F))", "NULL")),
        "Null where a vector or one of its elements is null; 0 for empty vectors.");
  }

  private static FunctionHelp vectors(String usage, List<Example> examples, String nulls) {
    return new FunctionHelp(
        "a, b",
        usage,
        List.of("a - array<float>: a vector", "b - array<float>: a vector of the same dimension"),
        examples,
        nulls
            + " An error where the dimensions differ, or where the vectors say that other models or modes made them. A function of Spark 4.2, for versions that lack it.");
  }

  /** As Spark has it: its own layout of arguments, examples and notes. */
  ExpressionInfo info(String name, String className) {
    StringBuilder what = new StringBuilder("\n    Arguments:\n");
    arguments.forEach(argument -> what.append("      * ").append(argument).append('\n'));
    StringBuilder shown = new StringBuilder("\n    Examples:\n");
    for (Example example : examples) {
      shown
          .append("      > ")
          .append(example.query())
          .append(";\n       ")
          .append(example.result())
          .append('\n');
    }
    return new ExpressionInfo(
        className,
        null,
        name,
        "_FUNC_(%s) - %s".formatted(parameters, usage),
        what.append("  ").toString(),
        shown.append("  ").toString(),
        "\n      " + note + "\n  ",
        "",
        SINCE,
        "",
        SqlFunction.SOURCE);
  }
}
