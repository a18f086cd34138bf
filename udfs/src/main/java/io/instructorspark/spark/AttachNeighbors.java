package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import scala.Tuple2;

/**
 * Puts what was found for blocks of queries, in the order of their keys, behind the blocks' rows. A
 * row without a direction has null neighbours.
 */
record AttachNeighbors(SearchSpec spec)
    implements FlatMapFunction2<
            Iterator<QueryBlock>, Iterator<Tuple2<Long, FoundNeighbors>>, InternalRow>,
        Serializable {
  @Override
  public Iterator<InternalRow> call(
      Iterator<QueryBlock> blocks, Iterator<Tuple2<Long, FoundNeighbors>> found) {
    return new Rows(blocks, found);
  }

  private final class Rows implements Iterator<InternalRow> {
    private final Iterator<QueryBlock> blocks;
    private final Iterator<Tuple2<Long, FoundNeighbors>> found;
    private FoundNeighbors waiting;
    private QueryBlock block;
    private Neighbors neighbors;
    private int row;

    Rows(Iterator<QueryBlock> blocks, Iterator<Tuple2<Long, FoundNeighbors>> found) {
      this.blocks = blocks;
      this.found = found;
    }

    @Override
    public boolean hasNext() {
      while ((block == null || row == block.rows().length) && blocks.hasNext()) {
        block = blocks.next();
        neighbors = ofBlock();
        row = 0;
      }
      return block != null && row < block.rows().length;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int place = block.place(row);
      Object value = place < 0 ? null : array(place);
      return new JoinedRow(block.rows()[row++], new GenericInternalRow(new Object[] {value}));
    }

    private Neighbors ofBlock() {
      Neighbors all = new Neighbors(block.count(), spec.k(), Ids.order(spec.idType()));
      for (FoundNeighbors next = peek(); next != null && next.key() == block.key(); next = peek()) {
        if (next.queries() != block.count() || next.checksum() != block.checksum()) {
          throw new IllegalStateException(
              "the queries had other vectors, or another order, when they were computed once more: what computes them is not repeatable. Write them to files first, or persist them");
        }
        all.offerAll(next);
        waiting = null;
      }
      return all;
    }

    private FoundNeighbors peek() {
      if (waiting == null && found.hasNext()) {
        waiting = found.next()._2();
      }
      return waiting;
    }

    private GenericArrayData array(int query) {
      Object[] structs = new Object[neighbors.size(query)];
      for (int i = 0; i < structs.length; i++) {
        structs[i] =
            new GenericInternalRow(
                new Object[] {neighbors.id(query, i), neighbors.similarity(query, i)});
      }
      return new GenericArrayData(structs);
    }
  }
}
