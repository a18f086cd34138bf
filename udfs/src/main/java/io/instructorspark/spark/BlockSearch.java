package io.instructorspark.spark;

import io.instructorspark.engine.BlockProduct;
import java.util.Comparator;

/** Looks for the neighbours of a block of queries in one block of the corpus after the other. */
final class BlockSearch implements AutoCloseable {
  private final QueryBlock queries;
  private final SearchSpec spec;
  private final Directions directions;
  private final Comparator<Object> order;
  private final Neighbors neighbors;
  private final float[] least;
  private final BlockProduct product;
  private final int[][] probing;

  BlockSearch(QueryBlock queries, SearchSpec spec) {
    this.queries = queries;
    this.spec = spec;
    this.directions = queries.directions(spec.centre());
    this.order = Ids.order(spec.idType());
    this.neighbors = new Neighbors(queries.count(), spec.k(), order);
    this.least = new float[queries.count()];
    for (int i = 0; i < least.length; i++) {
      least[i] = directions.hasDirection(i) ? spec.minSimilarity() : Float.POSITIVE_INFINITY;
    }
    this.probing =
        spec.cells() == null
            ? new int[0][]
            : spec.cells().probing(directions.units(), spec.probes(), spec.threads());
    this.product = BlockProduct.of(directions.units(), spec.dimension(), spec.threads());
  }

  /** Takes in the neighbours that a block of the corpus has. */
  void in(CorpusBlock corpus) {
    if (corpus.count() == 0
        || corpus.cell() != CorpusBlock.NO_CELL && probing[corpus.cell()].length == 0) {
      return;
    }
    Directions rows = corpus.directions(spec.centre());
    int enough = spec.k() + rows.withoutDirection() + (spec.excludesSelf() ? 1 : 0);
    BlockProduct.Pair pair = (query, row) -> offer(query, row, rows, corpus);
    if (corpus.cell() == CorpusBlock.NO_CELL) {
      product.reaching(rows.units(), enough, least, pair);
    } else {
      product.reaching(probing[corpus.cell()], rows.units(), enough, least, pair);
    }
  }

  private void offer(int query, int row, Directions rows, CorpusBlock corpus) {
    if (!rows.hasDirection(row)) {
      return;
    }
    float similarity = directions.cosine(query, rows, row);
    if (similarity < spec.minSimilarity()) {
      return;
    }
    Object self = queries.id(query);
    for (int place = corpus.firstId(row); place < corpus.endOfIds(row); place++) {
      Object id = corpus.id(place);
      boolean isSelf = self != null && order.compare(self, id) == 0;
      if (!isSelf && !neighbors.offer(query, similarity, id)) {
        break; // the ids that follow are greater
      }
    }
    least[query] = Math.max(least[query], neighbors.least(query));
  }

  FoundNeighbors found() {
    return neighbors.found(queries.key(), queries.checksum());
  }

  @Override
  public void close() {
    product.close();
  }
}
