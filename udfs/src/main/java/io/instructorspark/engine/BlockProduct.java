package io.instructorspark.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A block of unit vectors in native memory, to be multiplied with other blocks: finds the pairs
 * whose product is great without carrying the products to the heap.
 *
 * <p>Products are of single precision, so a pair may be found whose product is less than asked for
 * by {@link #error}; none that reaches it is missed. For one thread. Cost of a pair: {@code 2 *
 * dimension} floating-point operations; native memory: both blocks, and the products of a tile.
 */
public final class BlockProduct implements AutoCloseable {
  /** Queries and rows of one product: four megabytes, which a processor's cache holds. */
  private static final int TILE = 1024;

  private static final double UNIT_ROUNDOFF = 0x1p-24;

  private final PtNDManager manager;
  private final TorchProgram program;
  private final IValue queries;
  private final int count;
  private final int dimension;
  private final int threads;

  /** oneDNN's product where the machine has it: MKL's is slow on processors of other makers. */
  private static final class Library {
    static final Packing BEST = Packing.best(Precision.FP32); // tried once in a JVM

    private Library() {}
  }

  /** What is done with a pair. */
  @FunctionalInterface
  public interface Pair {
    /** Takes a pair by its places in the two blocks. */
    void of(int query, int row);
  }

  private BlockProduct(float[] queries, int dimension, int threads) {
    this.count = rows(queries, dimension);
    this.dimension = dimension;
    this.threads = threads;
    this.manager = (PtNDManager) LibTorch.engine().newBaseManager(Device.cpu());
    boolean loaded = false;
    try {
      this.program = TorchProgram.blockProduct(manager, Library.BEST);
      this.queries = IValue.from(matrix(manager, queries, count, dimension));
      loaded = true;
    } finally {
      if (!loaded) {
        manager.close();
      }
    }
  }

  /**
   * Copies a block into native memory.
   *
   * @param queries unit vectors, one after the other
   * @param dimension of a vector
   * @param threads of libtorch that work on a product; of the calling thread
   */
  public static BlockProduct of(float[] queries, int dimension, int threads) {
    return new BlockProduct(queries, dimension, threads);
  }

  /** By how much a product of two unit vectors may be wrong, at most. */
  public static float error(int dimension) {
    return (float) ((dimension + 8) * UNIT_ROUNDOFF); // 8: the rounding of both units' elements
  }

  /**
   * Finds all pairs whose product reaches what their query asks for.
   *
   * @param rows unit vectors of the same dimension, one after the other
   * @param k where a query asks for nothing yet (negative infinity), its best k of some rows
   *     suffice
   * @param least what each query asks for; read anew as the work goes on, so that {@code pair} may
   *     raise it
   * @param pair is given each pair, by query and then by row within a tile
   */
  public void reaching(float[] rows, int k, float[] least, Pair pair) {
    NativeWork.ofThisJvm().run(() -> reachingAll(rows, k, least, pair));
  }

  private void reachingAll(float[] rows, int k, float[] least, Pair pair) {
    LibTorch.useThreads(threads);
    try (NDManager scope = manager.newSubManager();
        IValue matrix = IValue.from(matrix(scope, rows, rows(rows, dimension), dimension))) {
      search(queries, count, matrix, rows(rows, dimension), k, least, pair);
    }
  }

  /**
   * As {@link #reaching(float[], int, float[], Pair)}, for some of the queries alone.
   *
   * @param some places of queries
   */
  public void reaching(int[] some, float[] rows, int k, float[] least, Pair pair) {
    if (some.length == 0) {
      return;
    }
    NativeWork.ofThisJvm().run(() -> reachingSome(some, rows, k, least, pair));
  }

  private void reachingSome(int[] some, float[] rows, int k, float[] least, Pair pair) {
    LibTorch.useThreads(threads);
    float[] asked = new float[some.length];
    for (int i = 0; i < some.length; i++) {
      asked[i] = least[some[i]];
    }
    try (NDManager scope = manager.newSubManager();
        IValue matrix = IValue.from(matrix(scope, rows, rows(rows, dimension), dimension));
        IValue places = IValue.from(longs(scope, some));
        IValue few = IValue.from(program.call(scope, "some", queries, places))) {
      search(
          few,
          some.length,
          matrix,
          rows(rows, dimension),
          k,
          asked,
          (query, row) -> {
            pair.of(some[query], row);
            asked[query] = least[some[query]];
          });
    }
  }

  /**
   * The rows with the greatest products for each query.
   *
   * @param rows unit vectors of the same dimension, one after the other
   * @param k how many, at most as many as there are rows
   * @return places of rows, (queries, k) one after the other, the greatest product first
   */
  public int[] best(float[] rows, int k) {
    int rowCount = rows(rows, dimension);
    int[] best = new int[Math.multiplyExact(count, k)];
    LibTorch.useThreads(threads);
    try (NDManager all = manager.newSubManager();
        IValue matrix = IValue.from(matrix(all, rows, rowCount, dimension));
        IValue rank = IValue.from((long) k);
        IValue none = IValue.from(0L);
        IValue last = IValue.from((long) rowCount)) {
      for (int query = 0; query < count; query += TILE) {
        try (NDManager scope = manager.newSubManager();
            IValue from = IValue.from((long) query);
            IValue many = IValue.from((long) Math.min(TILE, count - query))) {
          int place = query * k;
          for (long row :
              program
                  .call(scope, "best", queries, matrix, from, many, none, last, rank)
                  .toLongArray()) {
            best[place++] = (int) row;
          }
        }
      }
    }
    return best;
  }

  private void search(
      IValue asking, int askingCount, IValue rows, int rowCount, int k, float[] least, Pair pair) {
    for (int query = 0; query < askingCount; query += TILE) {
      for (int row = 0; row < rowCount; row += TILE) {
        Tile tile =
            new Tile(
                query, Math.min(TILE, askingCount - query), row, Math.min(TILE, rowCount - row));
        search(asking, rows, tile, k, least, pair);
      }
    }
  }

  private record Tile(int query, int queries, int row, int rows) {}

  private void search(IValue asking, IValue rows, Tile tile, int k, float[] least, Pair pair) {
    try (NDManager scope = manager.newSubManager();
        IValue query = IValue.from((long) tile.query);
        IValue queryCount = IValue.from((long) tile.queries);
        IValue row = IValue.from((long) tile.row);
        IValue rowCount = IValue.from((long) tile.rows)) {
      IValue[] place = {asking, rows, query, queryCount, row, rowCount};
      float[] asked = Arrays.copyOfRange(least, tile.query, tile.query + tile.queries);
      if (k < tile.rows) {
        raise(scope, asked, place, k);
      }
      for (int i = 0; i < asked.length; i++) {
        asked[i] -= error(dimension);
      }
      try (IValue limit = IValue.from((PtNDArray) scope.create(asked, new Shape(asked.length)))) {
        for (long found : program.call(scope, "reaching", with(place, limit)).toLongArray()) {
          pair.of(tile.query + (int) (found / tile.rows), tile.row + (int) (found % tile.rows));
        }
      }
    }
  }

  /**
   * Where nothing is asked for, what k products reach, each of which may be too great by an error.
   */
  private void raise(NDManager scope, float[] asked, IValue[] place, int k) {
    int[] open =
        IntStream.range(0, asked.length).filter(i -> asked[i] == Float.NEGATIVE_INFINITY).toArray();
    if (open.length == 0) {
      return;
    }
    float[] kth = open.length == asked.length ? kth(scope, place, k) : kth(scope, place, open, k);
    for (int i = 0; i < open.length; i++) {
      asked[open[i]] = kth[i] - error(dimension);
    }
  }

  private float[] kth(NDManager scope, IValue[] place, int k) {
    try (IValue rank = IValue.from((long) k)) {
      return program.call(scope, "kth", with(place, rank)).toFloatArray();
    }
  }

  /** Of some queries of a tile alone. */
  private float[] kth(NDManager scope, IValue[] place, int[] some, int k) {
    int first = (int) place[2].toLong();
    int[] places = Arrays.stream(some).map(query -> first + query).toArray();
    try (IValue chosen = IValue.from(longs(scope, places));
        IValue few = IValue.from(program.call(scope, "some", place[0], chosen));
        IValue none = IValue.from(0L);
        IValue count = IValue.from((long) some.length)) {
      return kth(scope, new IValue[] {few, place[1], none, count, place[4], place[5]}, k);
    }
  }

  private static IValue[] with(IValue[] place, IValue last) {
    IValue[] all = Arrays.copyOf(place, place.length + 1);
    all[place.length] = last;
    return all;
  }

  private static PtNDArray matrix(NDManager scope, float[] values, int rows, int dimension) {
    return (PtNDArray) scope.create(FloatBuffer.wrap(values), new Shape(rows, dimension));
  }

  private static PtNDArray longs(NDManager scope, int[] values) {
    return (PtNDArray)
        scope.create(Arrays.stream(values).asLongStream().toArray(), new Shape(values.length));
  }

  private static int rows(float[] values, int dimension) {
    if (dimension < 1 || values.length % dimension != 0) {
      throw new IllegalArgumentException(
          "%d numbers are not vectors of dimension %d".formatted(values.length, dimension));
    }
    return values.length / dimension;
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    queries.close();
    manager.close();
  }
}
