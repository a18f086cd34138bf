package io.instructorspark.job.train;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.InitialWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.SingularValueDecomposition;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.IndexedRow;
import org.apache.spark.mllib.linalg.distributed.IndexedRowMatrix;
import org.apache.spark.sql.SparkSession;

/**
 * Token embeddings to begin with: the singular vectors of the positive pointwise mutual information
 * of tokens in the training texts (Levy et al. 2015), by MLlib. A model that begins with them is an
 * average of word vectors before its first step. The driver holds the pairs of tokens that stand
 * near each other, 12 bytes each.
 *
 * @param session whose cores factor the matrix
 * @param vocabulary rows of the table
 * @param width of a row
 */
record CooccurrenceVectors(SparkSession session, int vocabulary, int width) {
  /** The first singular vectors say how common a token is, and drown the rest. */
  private static final int LEFT_OUT = 3;

  /** Singular values below this, by the largest, are noise. */
  private static final double SMALLEST = 1e-9;

  /** Texts that are tokenised together. */
  private static final int TOGETHER = 8192;

  /** More texts say little more about tokens. */
  private static final int MOST_TEXTS = 2_000_000;

  private static final int LONGEST = 1_000;

  /**
   * The table.
   *
   * @param checkpoint whose tokenizer cuts the texts
   * @return (vocabulary, width), one row after the other; rows have the length that {@link
   *     InitialWeights#DEVIATION} gives drawn ones
   */
  float[] of(PreparedData data, Prepared prepared, Checkpoint checkpoint, long seed) {
    Cooccurrence counts = new Cooccurrence(vocabulary);
    Set<Long> seen = new HashSet<>();
    List<String> texts = new ArrayList<>();
    for (int task = 0; task < prepared.tasks().size(); task++) {
      ExampleFile file = data.task(task);
      for (int i = 0; i < file.size() && seen.size() < MOST_TEXTS; i++) {
        Example example = file.record(i);
        for (Example.Side side :
            Arrays.asList(example.query(), example.positive(), example.negative())) {
          if (side != null) {
            gather(side.instruction(), seen, texts);
            gather(side.text(), seen, texts);
          }
        }
        if (texts.size() >= TOGETHER) {
          count(checkpoint, texts, counts);
        }
      }
    }
    count(checkpoint, texts, counts);
    return vectors(counts.positiveInformation(), seed);
  }

  /** Each text counts once, by a hash, and its beginning is enough. */
  private static void gather(String text, Set<Long> seen, List<String> texts) {
    String beginning = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    if (seen.add(Draw.bits(0, beginning.chars().asLongStream().toArray()))) {
      texts.add(beginning);
    }
  }

  private static void count(Checkpoint checkpoint, List<String> texts, Cooccurrence counts) {
    InstructorModel.tokenIds(checkpoint, texts).forEach(counts::add);
    texts.clear();
  }

  private float[] vectors(Cooccurrence.Row[] rows, long seed) {
    int count = Math.min(width + LEFT_OUT, vocabulary - 1);
    List<IndexedRow> indexed =
        IntStream.range(0, vocabulary)
            .mapToObj(
                token ->
                    new IndexedRow(
                        token,
                        Vectors.sparse(vocabulary, rows[token].others(), rows[token].values())))
            .toList();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    JavaRDD<IndexedRow> held = spark.parallelize(indexed, spark.defaultParallelism());
    // Partitions of a collection travel with each task, cached or not; there are hundreds of jobs.
    held.rdd().localCheckpoint();
    held.count();
    IndexedRowMatrix matrix = new IndexedRowMatrix(held.rdd(), vocabulary, vocabulary);
    SingularValueDecomposition<IndexedRowMatrix, Matrix> found =
        matrix.computeSVD(count, true, SMALLEST);
    double[] values = found.s().toArray();
    float[] table = new float[vocabulary * width];
    boolean[] known = new boolean[vocabulary];
    for (IndexedRow row : found.U().rows().toJavaRDD().collect()) {
      known[(int) row.index()] = put(row.vector(), values, table, (int) row.index() * width);
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int token = 0; token < vocabulary; token++) {
      for (int i = 0; !known[token] && i < width; i++) {
        table[token * width + i] = (float) (random.nextGaussian() * InitialWeights.DEVIATION);
      }
    }
    return table;
  }

  /** A token's row by the roots of the singular values, at its length; false if it has none. */
  private boolean put(Vector left, double[] values, float[] table, int from) {
    double[] numbers = new double[width];
    for (int i = LEFT_OUT; i < values.length; i++) {
      numbers[i - LEFT_OUT] = left.apply(i) * Math.sqrt(values[i]);
    }
    double norm = Math.sqrt(Arrays.stream(numbers).map(x -> x * x).sum());
    if (!(norm > 1e-9)) {
      return false;
    }
    for (int i = 0; i < width; i++) {
      table[from + i] = (float) (numbers[i] / norm * Math.sqrt(width) * InitialWeights.DEVIATION);
    }
    return true;
  }
}
