package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/** Combines the small blocks of a partition and numbers what becomes of them. */
record NumberedBlocks()
    implements Function2<Integer, Iterator<CorpusBlock>, Iterator<Tuple2<CorpusBlock, Long>>>,
        Serializable {
  @Override
  public Iterator<Tuple2<CorpusBlock, Long>> call(Integer partition, Iterator<CorpusBlock> blocks) {
    Iterator<CorpusBlock> combined = CorpusBlocks.combined(blocks);
    return new Iterator<>() {
      private int number;

      @Override
      public boolean hasNext() {
        return combined.hasNext();
      }

      @Override
      public Tuple2<CorpusBlock, Long> next() {
        CorpusBlock block = combined.next();
        return new Tuple2<>(block, QueryBlocks.key(partition, number++));
      }
    };
  }
}
