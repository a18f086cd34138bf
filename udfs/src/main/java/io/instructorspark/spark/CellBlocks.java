package io.instructorspark.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** Cuts blocks by the cells that their vectors lie in. */
record CellBlocks(Cells cells, float[] centre, int threads)
    implements PairFlatMapFunction<Iterator<CorpusBlock>, Integer, CorpusBlock>, Serializable {

  /** The blocks' vectors in blocks of one cell each; one shuffle. */
  JavaRDD<CorpusBlock> of(JavaRDD<CorpusBlock> blocks) {
    return blocks
        .mapPartitions(CorpusBlocks::combined)
        .mapPartitionsToPair(this)
        .repartitionAndSortWithinPartitions(
            new HashPartitioner(Math.max(1, blocks.getNumPartitions())))
        .values()
        .mapPartitions(CorpusBlocks::combined);
  }

  @Override
  public Iterator<Tuple2<Integer, CorpusBlock>> call(Iterator<CorpusBlock> blocks) {
    return new Flattened<>(blocks, block -> cut(block).iterator());
  }

  private List<Tuple2<Integer, CorpusBlock>> cut(CorpusBlock block) {
    List<Tuple2<Integer, CorpusBlock>> parts = new ArrayList<>();
    if (block.count() == 0) {
      return parts;
    }
    int[][] places = cells.probing(block.directions(centre).units(), 1, threads);
    for (int cell = 0; cell < places.length; cell++) {
      if (places[cell].length > 0) {
        parts.add(new Tuple2<>(cell, block.inCell(cell, places[cell])));
      }
    }
    return parts;
  }
}
