package io.instructorspark.spark;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * What a search for neighbours is; travels to executors.
 *
 * @param dimension of all vectors
 * @param centre what is taken off all vectors before their cosine; empty for nothing
 * @param idType of the corpus' ids
 * @param k neighbours of a query, at most
 * @param minSimilarity of a neighbour; negative infinity for any
 * @param excludesSelf whether the row with a query's own id is no neighbour of it
 * @param threads of libtorch that a task has
 * @param cells that the corpus is kept in; null where all of it is searched
 * @param probes how many cells are searched for a query
 */
record SearchSpec(
    int dimension,
    float[] centre,
    DataType idType,
    int k,
    float minSimilarity,
    boolean excludesSelf,
    int threads,
    Cells cells,
    int probes)
    implements Serializable {
  /** The same search in the nearest cells alone. */
  SearchSpec in(Cells some, int many) {
    return new SearchSpec(
        dimension,
        centre,
        idType,
        k,
        minSimilarity,
        excludesSelf,
        threads,
        some,
        Math.min(many, some.count()));
  }
}
