package io.instructorspark.job.vectors;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.rows.InputRows;
import io.instructorspark.spark.InstructorEmbedder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of an input with their vectors.
 *
 * @param data the input's columns; {@link #ERROR} why a row has no vector, null where it has one or
 *     its text is null; and, where texts were embedded, the vector behind it
 * @param columns the input's columns
 * @param vectorColumn name of the column of vectors
 */
public record VectorRows(Dataset<Row> data, List<String> columns, String vectorColumn) {
  /** Says why a row has no vector. */
  public static final String ERROR = "error";

  private static final String VECTOR = "_input_vector";
  private static final String TEXT = "_input_text";
  private static final String REASON = "_input_reason";
  private static final String ML_VECTOR = "_input_ml_vector";
  private static final String PLACE = "_input_place";
  private static final int PARTITIONS_PER_CORE = 2; // of several, the slowest holds up less
  private static final int ROWS_WORTH_A_TASK = 256;

  /**
   * Plans what gives the rows their vectors; embeds nothing.
   *
   * @param stage with model and instruction, used for texts
   * @param source which column holds what
   * @throws io.instructorspark.job.rows.InputException if the column is missing, or a column {@code
   *     error} is there that {@code embed} has not written
   * @throws IllegalArgumentException if files hold vectors of different models or modes
   */
  public static VectorRows of(InputRows input, VectorSource source, InstructorEmbedder stage) {
    if (source.embeddingColumn().isPresent()) {
      return ofVectors(input, input.column(source.embeddingColumn().get()));
    }
    input.requireFree(List.of(ERROR));
    Column problem = col(InputRows.PROBLEM_COLUMN);
    String text = input.column(source.textColumn());
    Dataset<Row> spread = spread(input);
    Dataset<Row> sound = spread.withColumn(TEXT, when(problem.isNull(), spread.col(quoted(text))));
    InstructorEmbedder embedder = stage.copy(ParamMap.empty());
    embedder.setInputCol(TEXT).setOutputCol(VECTOR).setErrorCol(REASON);
    Dataset<Row> embedded = embedder.transform(sound);
    Column[] columns =
        Stream.concat(
                input.columns().stream().map(name -> embedded.col(quoted(name))),
                Stream.of(coalesce(problem, col(REASON)).as(ERROR), embedded.col(VECTOR)))
            .toArray(Column[]::new);
    return new VectorRows(embedded.select(columns), input.columns(), VECTOR);
  }

  /**
   * The rows in their order, cut anew where they lie in fewer partitions than there are tasks to
   * embed them: a compressed file is one, however large. Counts the rows for that.
   */
  private static Dataset<Row> spread(InputRows input) {
    Dataset<Row> rows = input.data();
    int cores = rows.sparkSession().sparkContext().defaultParallelism();
    int now = rows.rdd().getNumPartitions();
    if (now >= cores) {
      return rows;
    }
    long worthwhile = input.reading(rows::count) / ROWS_WORTH_A_TASK;
    int wanted = (int) Math.min(worthwhile, (long) PARTITIONS_PER_CORE * cores);
    return wanted <= now
        ? rows
        : rows.withColumn(PLACE, monotonically_increasing_id())
            .repartitionByRange(wanted, col(PLACE))
            .sortWithinPartitions(PLACE)
            .drop(PLACE);
  }

  /** What {@code embed} has said of a row stays its error. */
  private static VectorRows ofVectors(InputRows input, String vectors) {
    Dataset<Row> data = input.data();
    boolean saysErrors =
        input.columns().contains(ERROR)
            && data.schema().apply(ERROR).dataType().equals(DataTypes.StringType);
    if (!saysErrors) {
      input.requireFree(List.of(ERROR));
    }
    List<String> columns =
        input.columns().stream().filter(name -> !saysErrors || !name.equals(ERROR)).toList();
    Column problem = data.col(InputRows.PROBLEM_COLUMN);
    Column error = saysErrors ? coalesce(problem, data.col(ERROR)) : problem;
    Metadata origin =
        CommonOrigin.of(data.schema().apply(vectors).metadata(), input.inFiles(vectors));
    Column[] all =
        Stream.concat(
                columns.stream()
                    .map(
                        name ->
                            name.equals(vectors)
                                ? data.col(quoted(name)).as(name, origin)
                                : data.col(quoted(name))),
                Stream.of(error.as(ERROR)))
            .toArray(Column[]::new);
    return new VectorRows(data.select(all), columns, vectors);
  }

  /** The same rows with a column of their numbers from 0 on, in the input's order. */
  public VectorRows numbered(String column) {
    StructType schema = data.schema();
    SparkSession session = data.sparkSession();
    int width = schema.length();
    Dataset<Row> numbered =
        session.createDataFrame(
            data.javaRDD()
                .zipWithIndex()
                .map(
                    row -> {
                      Object[] values = new Object[width + 1];
                      for (int i = 0; i < width; i++) {
                        values[i] = row._1().get(i);
                      }
                      values[width] = row._2();
                      return RowFactory.create(values);
                    }),
            schema.add(column, DataTypes.LongType, false));
    return new VectorRows(
        numbered, Stream.concat(columns.stream(), Stream.of(column)).toList(), vectorColumn);
  }

  /**
   * The same rows with MLlib's vectors, null where a vector has no direction: it is null, zero, or
   * not finite. {@link #ERROR} says so of those that are not null.
   *
   * @throws IllegalArgumentException if the column is no column of vectors
   */
  public VectorRows asMlVectors() {
    Column usable = mlVector(data, vectorColumn);
    Column vector = data.col(quoted(vectorColumn));
    Column[] all =
        Stream.concat(
                columns.stream().map(name -> data.col(quoted(name))),
                Stream.of(
                    coalesce(data.col(ERROR), MlVectors.fault(vector)).as(ERROR),
                    usable.as(ML_VECTOR, data.schema().apply(vectorColumn).metadata())))
            .toArray(Column[]::new);
    return new VectorRows(data.select(all), columns, ML_VECTOR);
  }

  /**
   * A column of vectors as MLlib's, null where a vector has no direction.
   *
   * @throws IllegalArgumentException if it is no column of vectors
   */
  public static Column mlVector(Dataset<Row> rows, String column) {
    StructField field = rows.schema().apply(column);
    MlVectors.require(field);
    return MlVectors.usable(rows.col(quoted(column))).as(column, field.metadata());
  }

  /** The same rows, kept in memory or on disk once they were computed, for more than one use. */
  public VectorRows kept() {
    return new VectorRows(data.persist(StorageLevel.MEMORY_AND_DISK()), columns, vectorColumn);
  }

  /** The rows in the form of an output: the input's columns, others, and {@link #ERROR}. */
  public Dataset<Row> output(Dataset<Row> rows, String... added) {
    Column[] output =
        Stream.of(columns.stream(), Arrays.stream(added), Stream.of(ERROR))
            .flatMap(names -> names)
            .map(name -> rows.col(quoted(name)))
            .toArray(Column[]::new);
    return rows.select(output);
  }

  /** A column's name as Spark's expressions take it. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
