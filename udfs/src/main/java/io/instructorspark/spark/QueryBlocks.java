package io.instructorspark.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;

/**
 * Gathers rows, behind whose columns stands an {@code array<float>}, into blocks of queries.
 *
 * @param columns of the rows, without the last
 * @param spec of the search
 * @param idColumn place of the rows' ids; -1 where rows may be their own neighbours
 */
record QueryBlocks(StructType columns, SearchSpec spec, int idColumn)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<QueryBlock>>, Serializable {
  private static final int NUMBERS = 1 << 21;
  private static final int MOST_ROWS = 8192;
  private static final int NEIGHBORS = 1 << 20;
  private static final long BYTES = 64L << 20;

  @Override
  public Iterator<QueryBlock> call(Integer partition, Iterator<InternalRow> rows) {
    UnsafeProjection withoutVector = UnsafeProjection.create(columns);
    return new Iterator<>() {
      private int number;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public QueryBlock next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return block(key(partition, number++), rows, withoutVector);
      }
    };
  }

  /** Names a block, so that blocks of a partition follow one another. */
  static long key(int partition, int number) {
    return (long) partition << 32 | number;
  }

  static int partition(long key) {
    return (int) (key >>> 32);
  }

  private int mostRows() {
    return Math.max(
        1, Math.min(Math.min(MOST_ROWS, NUMBERS / spec.dimension()), NEIGHBORS / spec.k()));
  }

  private QueryBlock block(long key, Iterator<InternalRow> rows, UnsafeProjection withoutVector) {
    List<UnsafeRow> kept = new ArrayList<>();
    List<Object> ids = new ArrayList<>();
    int dimension = spec.dimension();
    int most = mostRows();
    int[] places = new int[most];
    float[] vectors = new float[16 * dimension];
    int count = 0;
    long bytes = 0;
    while (kept.size() < most && bytes < BYTES && rows.hasNext()) {
      InternalRow row = rows.next();
      float[] vector = VectorRow.usable(row, columns.length(), dimension);
      places[kept.size()] = vector == null ? -1 : count;
      if (vector != null) {
        if ((count + 1) * dimension > vectors.length) {
          vectors = Arrays.copyOf(vectors, Math.min(2 * vectors.length, most * dimension));
        }
        System.arraycopy(vector, 0, vectors, count++ * dimension, dimension);
        if (idColumn >= 0) {
          ids.add(Ids.copy(row.get(idColumn, spec.idType())));
        }
      }
      UnsafeRow copy = withoutVector.apply(row).copy();
      bytes += copy.getSizeInBytes();
      kept.add(copy);
    }
    return new QueryBlock(
        key,
        dimension,
        kept.toArray(UnsafeRow[]::new),
        Arrays.copyOf(places, kept.size()),
        Arrays.copyOf(vectors, count * dimension),
        ids.toArray());
  }
}
