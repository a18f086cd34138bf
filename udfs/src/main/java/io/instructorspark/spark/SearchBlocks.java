package io.instructorspark.spark;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * Searches pairs of blocks, in which all of one block of queries follow one another: the task of a
 * partition of queries and one of the corpus.
 */
record SearchBlocks(SearchSpec spec)
    implements PairFlatMapFunction<Iterator<Tuple2<QueryBlock, CorpusBlock>>, Long, FoundNeighbors>,
        java.io.Serializable {
  @Override
  public Iterator<Tuple2<Long, FoundNeighbors>> call(
      Iterator<Tuple2<QueryBlock, CorpusBlock>> pairs) {
    Found found = new Found(spec, pairs);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> found.close());
    return found;
  }

  private static final class Found implements Iterator<Tuple2<Long, FoundNeighbors>> {
    private final SearchSpec spec;
    private final Iterator<Tuple2<QueryBlock, CorpusBlock>> pairs;
    private final Queue<FoundNeighbors> ready = new ArrayDeque<>();
    private QueryBlock queries;
    private BlockSearch search;

    Found(SearchSpec spec, Iterator<Tuple2<QueryBlock, CorpusBlock>> pairs) {
      this.spec = spec;
      this.pairs = pairs;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && pairs.hasNext()) {
        TaskContext.get().killTaskIfInterrupted();
        Tuple2<QueryBlock, CorpusBlock> pair = pairs.next();
        if (queries == null || queries.key() != pair._1().key()) {
          finish();
          queries = pair._1();
          search = queries.count() == 0 ? null : new BlockSearch(queries, spec);
        }
        if (search != null) {
          search.in(pair._2());
        }
      }
      if (ready.isEmpty()) {
        finish();
      }
      return !ready.isEmpty();
    }

    private void finish() {
      if (search != null) {
        ready.add(search.found());
        close();
      }
    }

    @Override
    public Tuple2<Long, FoundNeighbors> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      FoundNeighbors found = ready.remove();
      return new Tuple2<>(found.key(), found);
    }

    void close() {
      if (search != null) {
        search.close();
        search = null;
      }
    }
  }
}
