package io.instructorspark.spark;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import org.apache.spark.package$;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoder;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.internal.SessionState;
import org.apache.spark.sql.types.StructType;

/**
 * What Spark shows of its plans, wherever the version at hand has it: since Spark 4 in classes of
 * {@code org.apache.spark.sql.classic}, and before in the public ones. Compiled against one
 * version, it runs on the others.
 *
 * <p>Only a session that runs in this JVM has plans: with one of Spark Connect's these methods
 * throw an {@link UnsupportedOperationException}. So they do on a Spark that has moved what they
 * look for.
 */
final class ClassicSpark {
  private static final String SQL = "org.apache.spark.sql.";

  private static final Class<?> SESSION = sessionClass();
  private static final Optional<MethodHandle> COLUMN =
      handle(() -> method(SQL + "classic.ExpressionUtils", "column", Expression.class))
          .or(() -> handle(() -> lookup().unreflectConstructor(columnOfExpression())));
  private static final Optional<MethodHandle> EXPRESSION =
      handle(ClassicSpark::nodeToExpression).or(() -> handle(() -> method(SQL + "Column", "expr")));
  private static final Optional<MethodHandle> LOGICAL_PLAN =
      handle(() -> method(SQL + "classic.Dataset", "logicalPlan"))
          .or(() -> handle(() -> method(SQL + "Dataset", "logicalPlan")));
  private static final Optional<MethodHandle> OF_ROWS =
      handle(() -> method(SQL + "classic.Dataset", "ofRows", SESSION, LogicalPlan.class))
          .or(() -> handle(() -> method(SQL + "Dataset", "ofRows", SESSION, LogicalPlan.class)));

  private static final Optional<MethodHandle> OF_INTERNAL_ROWS =
      handle(
          () ->
              method(
                  SESSION.getName(),
                  "internalCreateDataFrame",
                  RDD.class,
                  StructType.class,
                  boolean.class));

  private static final Optional<MethodHandle> CLONE =
      handle(() -> method(SESSION.getName(), "cloneSession"));

  private ClassicSpark() {}

  /** Whether the session runs in this JVM; false for Spark Connect's. */
  static boolean isClassic(SparkSession session) {
    return SESSION.isInstance(session);
  }

  /** The column that is computed by {@code expression}. */
  static Column column(Expression expression) {
    return (Column) invoke(COLUMN, "Column of an Expression", expression);
  }

  /** The column's expression, not resolved yet: names are names, functions those of a registry. */
  static Expression expression(Column column) {
    return (Expression) invoke(EXPRESSION, "Expression of a Column", column);
  }

  /** The encoder as datasets take it: Spark 3.5's know only those that are made of expressions. */
  static <T> Encoder<T> encoder(AgnosticEncoder<T> encoder) {
    return SESSION == SparkSession.class ? ExpressionEncoder.apply(encoder) : encoder;
  }

  /**
   * The plan that Spark itself puts further ones on; analysed, and commands among it have run.
   *
   * @throws UnsupportedOperationException if the dataset is Spark Connect's
   */
  static LogicalPlan logicalPlan(Dataset<?> dataset) {
    requireClassic(dataset.sparkSession());
    return (LogicalPlan) invoke(LOGICAL_PLAN, "Dataset.logicalPlan", dataset);
  }

  /**
   * The plan after analysis: every column has its type and its place.
   *
   * @throws UnsupportedOperationException if the dataset is Spark Connect's
   */
  static LogicalPlan analyzed(Dataset<?> dataset) {
    requireClassic(dataset.sparkSession());
    return dataset.queryExecution().analyzed();
  }

  /**
   * The rows of a plan; analyses it, so what is wrong with it is thrown here.
   *
   * @throws UnsupportedOperationException if the session is Spark Connect's
   */
  @SuppressWarnings("unchecked") // a plan gives rows
  static Dataset<Row> ofRows(SparkSession session, LogicalPlan plan) {
    requireClassic(session);
    return (Dataset<Row>) invoke(OF_ROWS, "Dataset.ofRows", session, plan);
  }

  /**
   * Rows as Spark holds them inside, with their schema.
   *
   * @throws UnsupportedOperationException if the session is Spark Connect's
   */
  @SuppressWarnings("unchecked") // it gives rows
  static Dataset<Row> ofInternalRows(
      SparkSession session, RDD<InternalRow> rows, StructType schema) {
    requireClassic(session);
    return (Dataset<Row>)
        invoke(
            OF_INTERNAL_ROWS, "SparkSession.internalCreateDataFrame", session, rows, schema, false);
  }

  /**
   * What belongs to one session: functions, catalogs, the analyzer, the planner.
   *
   * @throws UnsupportedOperationException if the session is Spark Connect's
   */
  static SessionState sessionState(SparkSession session) {
    requireClassic(session);
    return session.sessionState();
  }

  /**
   * Rules and strategies that were added to a session that runs already.
   *
   * @throws UnsupportedOperationException if the session is Spark Connect's
   */
  static ExperimentalMethods experimental(SparkSession session) {
    requireClassic(session);
    return session.experimental();
  }

  /**
   * A session with the same settings, functions and views, whose settings can be changed alone.
   *
   * @throws UnsupportedOperationException if the session is Spark Connect's
   */
  static SparkSession cloned(SparkSession session) {
    requireClassic(session);
    return (SparkSession) invoke(CLONE, "SparkSession.cloneSession", session);
  }

  private static void requireClassic(SparkSession session) {
    if (!isClassic(session)) {
      throw new UnsupportedOperationException(
          ("%s has no plans in this JVM, as sessions of Spark Connect have none. Run this on the"
                  + " server, or in a classic session (spark.api.mode=classic)")
              .formatted(session.getClass().getName()));
    }
  }

  private static Object invoke(Optional<MethodHandle> handle, String what, Object... arguments) {
    if (handle.isEmpty()) {
      throw new UnsupportedOperationException(
          "Spark %s has no %s where Spark 3.5 to 4.1 have it; use one of these versions"
              .formatted(package$.MODULE$.SPARK_VERSION(), what));
    }
    try {
      return handle.get().invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // Scala throws checked exceptions without saying so
      throw ClassicSpark.<RuntimeException>asIs(e);
    }
  }

  /** For methods of Scala's that throw checked exceptions without saying so. */
  @SuppressWarnings("unchecked") // erased: nothing is cast
  static <E extends Throwable> E asIs(Throwable e) throws E {
    throw (E) e;
  }

  private static Class<?> sessionClass() {
    try {
      return Class.forName(SQL + "classic.SparkSession");
    } catch (ClassNotFoundException e) {
      return SparkSession.class; // Spark 3.5, whose only session is the classic one
    }
  }

  private static java.lang.reflect.Constructor<?> columnOfExpression()
      throws ReflectiveOperationException {
    return Class.forName(SQL + "Column").getConstructor(Expression.class);
  }

  /** Of a column's node, by the converter of the session that is active. */
  private static MethodHandle nodeToExpression() throws ReflectiveOperationException {
    Class<?> converter = Class.forName(SQL + "classic.ColumnNodeToExpressionConverter$");
    MethodHandle apply =
        method(converter.getName(), "apply", Class.forName(SQL + "internal.ColumnNode"))
            .bindTo(converter.getField("MODULE$").get(null));
    return MethodHandles.filterArguments(apply, 0, method(SQL + "Column", "node"));
  }

  private static MethodHandle method(String type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    return lookup().unreflect(Class.forName(type).getMethod(name, parameters));
  }

  private static MethodHandles.Lookup lookup() {
    return MethodHandles.publicLookup();
  }

  private static Optional<MethodHandle> handle(Search search) {
    try {
      return Optional.of(search.find());
    } catch (ReflectiveOperationException e) {
      return Optional.empty(); // another version has it elsewhere
    }
  }

  /** Looks in one place. */
  private interface Search {
    MethodHandle find() throws ReflectiveOperationException;
  }
}
