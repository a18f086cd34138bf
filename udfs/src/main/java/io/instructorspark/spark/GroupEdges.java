package io.instructorspark.spark;

import io.instructorspark.engine.BlockProduct;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * Which rows of pairs of numbered blocks belong together because their vectors are similar: pairs
 * of ids that connect them, no more than there are rows in the two blocks. Each pair of blocks is
 * looked at once, the one with the lower number first; all pairs of one first block follow one
 * another.
 *
 * @param minSimilarity of two rows that belong together
 * @param centre what is taken off all vectors before their cosine; empty for nothing
 */
record GroupEdges(float minSimilarity, float[] centre, int dimension, int threads)
    implements FlatMapFunction<
            Iterator<Tuple2<Tuple2<CorpusBlock, Long>, Tuple2<CorpusBlock, Long>>>, InternalRow>,
        Serializable {
  @Override
  public Iterator<InternalRow> call(
      Iterator<Tuple2<Tuple2<CorpusBlock, Long>, Tuple2<CorpusBlock, Long>>> pairs) {
    Edges edges = new Edges(pairs);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> edges.close());
    return edges;
  }

  private final class Edges implements Iterator<InternalRow> {
    private final Iterator<Tuple2<Tuple2<CorpusBlock, Long>, Tuple2<CorpusBlock, Long>>> pairs;
    private Iterator<InternalRow> ready = Collections.emptyIterator();
    private long number = -1;
    private Directions directions;
    private BlockProduct product;

    Edges(Iterator<Tuple2<Tuple2<CorpusBlock, Long>, Tuple2<CorpusBlock, Long>>> pairs) {
      this.pairs = pairs;
    }

    @Override
    public boolean hasNext() {
      while (!ready.hasNext() && pairs.hasNext()) {
        TaskContext.get().killTaskIfInterrupted();
        Tuple2<Tuple2<CorpusBlock, Long>, Tuple2<CorpusBlock, Long>> pair = pairs.next();
        long first = pair._1()._2();
        long second = pair._2()._2();
        if (first <= second && pair._1()._1().count() > 0 && pair._2()._1().count() > 0) {
          take(pair._1()._1(), first);
          ready = edges(pair._1()._1(), pair._2()._1(), first == second);
        }
      }
      return ready.hasNext();
    }

    private void take(CorpusBlock block, long its) {
      if (its != number) {
        close();
        number = its;
        directions = block.directions(centre);
        product = BlockProduct.of(directions.units(), dimension, threads);
      }
    }

    private Iterator<InternalRow> edges(CorpusBlock one, CorpusBlock other, boolean same) {
      Directions others = same ? directions : other.directions(centre);
      int offset = same ? 0 : one.count();
      Groups groups = new Groups(offset + other.count());
      float[] least = new float[one.count()];
      Arrays.fill(least, minSimilarity);
      product.reaching(
          others.units(),
          1,
          least,
          (query, row) -> {
            boolean joins =
                directions.hasDirection(query)
                    && others.hasDirection(row)
                    && !groups.areTogether(query, offset + row)
                    && directions.cosine(query, others, row) >= minSimilarity;
            if (joins) {
              groups.join(query, offset + row);
            }
          });
      return new Flattened<>(
          groups.members(),
          member ->
              edges(
                  id(member.first(), offset, one, other),
                  member.second(),
                  offset,
                  one,
                  other,
                  same));
    }

    private Object id(int place, int offset, CorpusBlock one, CorpusBlock other) {
      return place < offset ? one.id(one.firstId(place)) : other.id(other.firstId(place - offset));
    }

    /** From a group's first row to a member, and, in the block itself, to the rows equal to it. */
    private Iterator<InternalRow> edges(
        Object first, int place, int offset, CorpusBlock one, CorpusBlock other, boolean same) {
      if (!same) {
        return Collections.singleton(edge(first, id(place, offset, one, other))).iterator();
      }
      return IntStream.range(one.firstId(place), one.endOfIds(place))
          .mapToObj(at -> edge(first, one.id(at)))
          .iterator();
    }

    private InternalRow edge(Object first, Object second) {
      return new GenericInternalRow(new Object[] {first, second});
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.next();
    }

    void close() {
      if (product != null) {
        product.close();
        product = null;
      }
    }
  }
}
