package io.instructorspark.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/**
 * Gathers rows of an id and an {@code array<float>} into blocks, for one partition. Vectors without
 * a direction are left out and counted.
 *
 * @param idType the ids'
 */
record CorpusBlocks(DataType idType)
    implements FlatMapFunction<Iterator<InternalRow>, CorpusBlock>, Serializable {
  /** Eight megabytes of vectors. */
  private static final int NUMBERS = 1 << 21;

  private static final int MOST_ROWS = 16_384;

  /** The most rows of a block. */
  static int mostRows(int dimension) {
    return Math.max(1, Math.min(MOST_ROWS, NUMBERS / Math.max(1, dimension)));
  }

  @Override
  public Iterator<CorpusBlock> call(Iterator<InternalRow> rows) {
    Comparator<Object> order = Ids.order(idType);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public CorpusBlock next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return new Gathering(order).of(rows);
      }
    };
  }

  /** Combines small blocks that follow one another, so that products are of many vectors. */
  static Iterator<CorpusBlock> combined(Iterator<CorpusBlock> blocks) {
    return new Iterator<>() {
      private CorpusBlock waiting;

      @Override
      public boolean hasNext() {
        return waiting != null || blocks.hasNext();
      }

      @Override
      public CorpusBlock next() {
        List<CorpusBlock> few = new ArrayList<>();
        int rows = 0;
        while (hasNext()) {
          CorpusBlock block = waiting == null ? blocks.next() : waiting;
          waiting = null;
          boolean another =
              !few.isEmpty()
                  && (few.get(0).cell() != block.cell()
                      || rows + block.count() > mostRows(block.dimension()));
          if (another && block.count() > 0) {
            waiting = block;
            break;
          }
          if (block.count() > 0) {
            few.add(block);
            rows += block.count();
          }
        }
        return few.size() == 1 ? few.get(0) : few.isEmpty() ? EMPTY : CorpusBlock.of(few);
      }
    };
  }

  private static final CorpusBlock EMPTY =
      new CorpusBlock(0, CorpusBlock.NO_CELL, new float[0], new int[1], new Object[0], new long[0]);

  /** A block that grows. */
  private final class Gathering {
    private final Comparator<Object> order;
    private final Map<Bits, List<Object>> idsByVector = new HashMap<>();
    private final List<Bits> vectors = new ArrayList<>();
    private final long[] leftOut = new long[VectorState.values().length];
    private int dimension;
    private int count;

    Gathering(Comparator<Object> order) {
      this.order = order;
    }

    CorpusBlock of(Iterator<InternalRow> rows) {
      while (count < mostRows(dimension) && rows.hasNext()) {
        add(rows.next());
      }
      return packed();
    }

    private void add(InternalRow row) {
      float[] vector = VectorRow.vector(row, 1);
      VectorState state = VectorState.of(vector);
      if (vector != null && vector.length > 0) {
        dimension = dimension == 0 ? vector.length : dimension;
        VectorRow.requireDimension(vector, dimension);
      }
      if (state != VectorState.USABLE) {
        leftOut[state.ordinal()]++;
        return;
      }
      idsByVector
          .computeIfAbsent(
              new Bits(vector),
              first -> {
                vectors.add(first);
                return new ArrayList<>(1);
              })
          .add(Ids.copy(row.get(0, idType)));
      count++;
    }

    private CorpusBlock packed() {
      float[] values = new float[vectors.size() * dimension];
      int[] firstIds = new int[vectors.size() + 1];
      Object[] ids = new Object[count];
      int place = 0;
      for (int i = 0; i < vectors.size(); i++) {
        System.arraycopy(vectors.get(i).values, 0, values, i * dimension, dimension);
        List<Object> equal = idsByVector.get(vectors.get(i));
        equal.sort(order);
        firstIds[i] = place;
        for (Object id : equal) {
          ids[place++] = id;
        }
      }
      firstIds[vectors.size()] = place;
      return new CorpusBlock(dimension, CorpusBlock.NO_CELL, values, firstIds, ids, leftOut);
    }
  }

  /** A vector that equals another where all numbers are the same. */
  private static final class Bits {
    private final float[] values;

    Bits(float[] values) {
      this.values = values;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bits bits && Arrays.equals(values, bits.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
