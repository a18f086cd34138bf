package io.instructorspark.job.evaluate;

import static org.apache.spark.sql.functions.col;

import io.instructorspark.spark.EmbeddingMetrics;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Texts to vectors, by Spark.
 *
 * @param model as the user names it
 * @param stage with the model and its settings, without columns
 */
record Embedding(
    SparkSession session, String model, InstructorEmbedder stage, EmbeddingMetrics metrics) {
  static final String ID = "id";
  static final String TEXT = "text";
  static final String VECTOR = "_evaluate_vector";
  private static final String INSTRUCTION = "instruction";
  private static final String ERROR = "_evaluate_error";
  private static final int ROWS_A_TASK = 1_024;
  private static final StructType ROW =
      new StructType()
          .add(ID, DataTypes.StringType)
          .add(INSTRUCTION, DataTypes.StringType)
          .add(TEXT, DataTypes.StringType);

  /** Vectors on their way to the driver. */
  private record Block(int[] places, float[][] vectors, String example) implements Serializable {}

  /**
   * Embeds texts, each pair of instruction and text once, and brings the vectors to the driver.
   *
   * @throws EvaluateException if no text has a vector
   */
  Vectors of(Texts texts, Variant variant) {
    Map<List<String>, Integer> distinct = new LinkedHashMap<>();
    List<Texts.Text> all = texts.all();
    int[] places = new int[all.size()];
    for (int i = 0; i < places.length; i++) {
      List<String> pair = List.of(variant.instruction(all.get(i).role()), all.get(i).text());
      int next = distinct.size();
      places[i] = distinct.computeIfAbsent(pair, unused -> next);
    }
    List<Row> rows = new ArrayList<>();
    distinct.forEach(
        (pair, place) ->
            rows.add(RowFactory.create(String.valueOf(place), pair.get(0), pair.get(1))));
    float[][] found = new float[rows.size()][];
    Missing missing = collect(rows, found);
    List<float[]> vectors = new ArrayList<>();
    for (int place : places) {
      vectors.add(found[place]);
    }
    return new Vectors(Collections.unmodifiableList(vectors), missing);
  }

  private Missing collect(List<Row> rows, float[][] found) {
    List<Block> blocks = blocks(embedded(rows(rows)));
    int dimension = 0;
    String example = "";
    long there = 0;
    for (Block block : blocks) {
      example = example.isEmpty() ? block.example() : example;
      for (int i = 0; i < block.places().length; i++) {
        found[block.places()[i]] = block.vectors()[i];
        dimension = block.vectors()[i].length;
        there++;
      }
    }
    if (there == 0) {
      throw new EvaluateException(
          "no text gets a vector from %s, for example: %s".formatted(model, example));
    }
    float[] zeros = new float[dimension];
    for (int i = 0; i < found.length; i++) {
      found[i] = found[i] == null ? zeros : found[i];
    }
    return new Missing(found.length - there, example);
  }

  /** Rows with an instruction of their own, spread over the cluster. */
  private Dataset<Row> rows(List<Row> rows) {
    int slices =
        Math.max(
            session.sparkContext().defaultParallelism(),
            (rows.size() + ROWS_A_TASK - 1) / ROWS_A_TASK);
    return session.createDataFrame(
        JavaSparkContext.fromSparkContext(session.sparkContext()).parallelize(rows, slices), ROW);
  }

  private Dataset<Row> embedded(Dataset<Row> rows) {
    InstructorEmbedder embedder = stage.copy(ParamMap.empty());
    embedder
        .setInstructionCol(INSTRUCTION)
        .setInputCol(TEXT)
        .setOutputCol(VECTOR)
        .setOutputType("vector")
        .setErrorCol(ERROR);
    return embedder.transformCounting(rows, metrics);
  }

  private static List<Block> blocks(Dataset<Row> embedded) {
    FlatMapFunction<Iterator<Row>, Block> packed = part -> List.of(packed(part)).iterator();
    return embedded.select(ID, VECTOR, ERROR).javaRDD().mapPartitions(packed).collect();
  }

  private static Block packed(Iterator<Row> part) {
    List<Integer> places = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    String example = "";
    while (part.hasNext()) {
      Row row = part.next();
      float[] vector = row.isNullAt(1) ? null : finite(((Vector) row.get(1)).toArray());
      if (vector == null) {
        example = row.isNullAt(2) ? "a vector that is not finite" : row.getString(2);
      } else {
        places.add(Integer.parseInt(row.getString(0)));
        vectors.add(vector);
      }
    }
    return new Block(
        places.stream().mapToInt(Integer::intValue).toArray(),
        vectors.toArray(float[][]::new),
        example);
  }

  /** In single precision; null if a number of it is not finite. */
  private static float[] finite(double[] vector) {
    if (!Arrays.stream(vector).allMatch(Double::isFinite)) {
      return null;
    }
    float[] single = new float[vector.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) vector[i];
    }
    return single;
  }

  /**
   * Plans the vectors of rows that stay where they are.
   *
   * @param rows with {@link #ID} and {@link #TEXT}
   * @return the same with {@link #VECTOR}, each distinct text embedded once
   */
  Dataset<Row> of(Dataset<Row> rows, String instruction) {
    InstructorEmbedder embedder = stage.copy(ParamMap.empty());
    embedder
        .setInstruction(instruction.startsWith("@") ? "@" + instruction : instruction)
        .setInputCol(TEXT)
        .setOutputCol(VECTOR)
        .setErrorCol(ERROR)
        .setDeduplicate(true);
    return embedder.transformCounting(rows, metrics).select(col(ID), col(VECTOR));
  }

  /** As {@link #of(Dataset, String)}, of texts by id. */
  Dataset<Row> of(Map<String, String> texts, String instruction) {
    List<Row> rows = new ArrayList<>();
    texts.forEach((id, text) -> rows.add(RowFactory.create(id, instruction, text)));
    return of(rows(rows).select(ID, TEXT), instruction);
  }
}
