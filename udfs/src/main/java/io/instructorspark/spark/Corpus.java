package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that neighbours are looked for among: blocks of vectors that executors keep, in memory or on
 * disk, and what is known of them all. For the driver.
 *
 * @param session that reads it
 * @param blocks kept until {@link #forget}
 * @param idType the ids'
 * @param origin of the vectors
 * @param summary of all blocks
 */
record Corpus(
    SparkSession session,
    JavaRDD<CorpusBlock> blocks,
    DataType idType,
    Optional<VectorOrigin> origin,
    Summary summary) {
  private static final String ID = "id";
  private static final String VECTOR = "vector";

  /** What is known of blocks; reduced over them. */
  static final class Summary implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int dimension;
    private final long rows;
    private final long[] leftOut;
    private final double[] sums;

    private Summary(int dimension, long rows, long[] leftOut, double[] sums) {
      this.dimension = dimension;
      this.rows = rows;
      this.leftOut = leftOut;
      this.sums = sums;
    }

    private static Summary none() {
      return new Summary(0, 0, new long[VectorState.values().length], new double[0]);
    }

    private static Iterator<Summary> of(Iterator<CorpusBlock> blocks) {
      Summary all = none();
      while (blocks.hasNext()) {
        all = all.plus(of(blocks.next()));
      }
      return List.of(all).iterator();
    }

    private static Summary of(CorpusBlock block) {
      long[] leftOut = new long[VectorState.values().length];
      for (VectorState state : VectorState.values()) {
        leftOut[state.ordinal()] = block.leftOut(state);
      }
      double[] sums = new double[block.dimension()];
      block.addTo(sums);
      return new Summary(block.dimension(), block.rows(), leftOut, sums);
    }

    private Summary plus(Summary other) {
      if (dimension == 0 || other.dimension == 0) {
        Summary known = dimension == 0 ? other : this;
        return new Summary(
            known.dimension, rows + other.rows, added(leftOut, other.leftOut), known.sums);
      }
      if (dimension != other.dimension) {
        throw VectorRow.otherDimension(other.dimension, dimension);
      }
      double[] all = sums.clone();
      for (int i = 0; i < all.length; i++) {
        all[i] += other.sums[i];
      }
      return new Summary(dimension, rows + other.rows, added(leftOut, other.leftOut), all);
    }

    private static long[] added(long[] one, long[] other) {
      long[] sums = one.clone();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += other[i];
      }
      return sums;
    }

    /** Of all vectors; 0 where there are none. */
    int dimension() {
      return dimension;
    }

    /** Rows whose vectors have a direction. */
    long rows() {
      return rows;
    }

    /** Rows whose vectors have none. */
    long leftOut(VectorState state) {
      return leftOut[state.ordinal()];
    }

    /** The mean vector of all rows. */
    float[] mean() {
      float[] mean = new float[dimension];
      for (int i = 0; i < dimension && rows > 0; i++) {
        mean[i] = (float) (sums[i] / rows);
      }
      return mean;
    }
  }

  /**
   * Reads and keeps the rows' vectors; runs a job.
   *
   * @throws IllegalArgumentException if an id is null or not unique, or vectors differ in dimension
   */
  static Corpus of(Dataset<?> rows, VectorColumn vectors, String idCol) {
    StructType schema = rows.schema();
    DataType idType = schema.apply(idCol).dataType();
    Ids.requireOrdered(idCol, idType);
    JavaRDD<CorpusBlock> blocks =
        rows.select(EmbedPlan.column(rows.toDF(), idCol).as(ID), vectors.floats(rows).as(VECTOR))
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(new CorpusBlocks(idType))
            .persist(StorageLevel.MEMORY_AND_DISK());
    boolean known = false;
    try {
      Corpus corpus =
          new Corpus(
              rows.sparkSession(),
              blocks,
              idType,
              vectors.origin(),
              blocks.mapPartitions(Summary::of).fold(Summary.none(), Summary::plus));
      corpus.requireIds(idCol);
      known = true;
      return corpus;
    } finally {
      if (!known) {
        blocks.unpersist();
      }
    }
  }

  private void requireIds(String idCol) {
    Dataset<Row> ids = ids();
    if (!ids.where(ids.col(ID).isNull()).isEmpty()) {
      throw new IllegalArgumentException(
          "column '%s' has a null, and neighbours are named by their ids; give every row of the corpus one"
              .formatted(idCol));
    }
    List<Row> twice =
        ids.groupBy(ID).count().where("count > 1").orderBy(ID).limit(1).collectAsList();
    if (!twice.isEmpty()) {
      throw new IllegalArgumentException(
          "column '%s' has %s %d times, and neighbours are named by their ids; remove the repeated rows of the corpus, or choose another id column"
              .formatted(idCol, twice.get(0).get(0), twice.get(0).getLong(1)));
    }
  }

  private Dataset<Row> ids() {
    return ClassicSpark.ofInternalRows(
        session, blocks.mapPartitions(Corpus::idRows).rdd(), new StructType().add(ID, idType));
  }

  private static Iterator<InternalRow> idRows(Iterator<CorpusBlock> blocks) {
    return new Flattened<>(
        blocks,
        block ->
            Arrays.stream(block.ids())
                .<InternalRow>map(id -> new GenericInternalRow(new Object[] {id}))
                .iterator());
  }

  private static Iterator<InternalRow> allRows(Iterator<CorpusBlock> blocks) {
    return new Flattened<>(
        blocks,
        block -> IntStream.range(0, block.count()).boxed().flatMap(i -> rows(block, i)).iterator());
  }

  private static Stream<InternalRow> rows(CorpusBlock block, int vector) {
    UnsafeArrayData values = UnsafeArrayData.fromPrimitiveArray(block.vector(vector));
    return IntStream.range(block.firstId(vector), block.endOfIds(vector))
        .mapToObj(place -> new GenericInternalRow(new Object[] {block.id(place), values}));
  }

  /** The rows, ids and vectors, in the order of the blocks. */
  Dataset<Row> rows(String idCol, String vectorCol) {
    StructType schema =
        new StructType()
            .add(idCol, idType)
            .add(
                vectorCol,
                DataTypes.createArrayType(DataTypes.FloatType, false),
                true,
                origin.map(VectorOrigin::metadata).orElse(Metadata.empty()));
    return ClassicSpark.ofInternalRows(
        session, blocks.mapPartitions(Corpus::allRows).rdd(), schema);
  }

  /** The blocks in so many partitions at most, small ones together. */
  JavaRDD<CorpusBlock> blocks(int partitions) {
    return ConsecutivePartitions.atMost(partitions, blocks.rdd())
        .mapPartitions(CorpusBlocks::combined);
  }

  /** Lets executors forget the blocks; a later use reads the rows again. */
  void forget() {
    blocks.unpersist();
  }
}
