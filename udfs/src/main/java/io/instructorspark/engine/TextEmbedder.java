package io.instructorspark.engine;

import io.instructorspark.engine.RowTokenizer.Tokenized;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Embeds windows of rows on a shared model. Cheap to make; not thread-safe: a task thread makes its
 * own.
 *
 * <p>A row's vector does not depend on the rows beside it beyond 1e-6 a component in fp32.
 *
 * <p>Where native memory does not suffice for a batch, it is halved until it fits, and the batches
 * that follow are smaller too; larger ones are tried again later, with care.
 */
public final class TextEmbedder {
  /** Texts that are tokenised in less time than a forward pass takes. */
  private static final int TEXTS_BETWEEN_LOOKS = 16;

  private final ModelSpec spec;
  private final EmbedOptions options;
  private final Source source;
  private PassBudget budget;
  private InstructorModel model;
  private RowTokenizer tokenizer;

  /** Where the model is had for one call. */
  @FunctionalInterface
  interface Source {
    /** A model whose use has begun; the caller ends it. */
    InstructorModel beginUse(BatchWatch watch);
  }

  TextEmbedder(ModelSpec spec, EmbedOptions options, Source source) {
    this.spec = spec;
    this.options = options;
    this.source = source;
  }

  /**
   * Embeds rows: tokenised and sorted by length together, encoded batch by batch, returned in the
   * order they came in. Rows with the same tokens are encoded once and share one array.
   *
   * @param instructions one for each row; null is the empty instruction
   * @param texts one for each row; null gives a null vector and no error
   * @return one result for each row; a row that cannot be embedded carries an error and costs the
   *     others nothing
   * @throws EngineException if the model cannot be loaded, or no pass will do well any more
   * @throws io.instructorspark.checkpoint.CheckpointException if the model is to be loaded and its
   *     checkpoint cannot be reached or read, or is not the one the driver saw
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for a GPU or for memory
   */
  public Embeddings embed(List<String> instructions, List<String> texts) {
    return embed(instructions, texts, (rows, tokens) -> {});
  }

  /**
   * As {@link #embed(List, List)}.
   *
   * @param watch told of each forward pass, and of a loading that this call made; what it throws
   *     ends the call
   */
  public Embeddings embed(List<String> instructions, List<String> texts, BatchWatch watch) {
    if (instructions.size() != texts.size()) {
      throw new IllegalArgumentException(
          "one instruction per text is needed, got %d instructions and %d texts"
              .formatted(instructions.size(), texts.size()));
    }
    InstructorModel used = source.beginUse(watch);
    try {
      return embed(used, instructions, texts, watch);
    } finally {
      used.endUse();
    }
  }

  private Embeddings embed(
      InstructorModel used, List<String> instructions, List<String> texts, BatchWatch watch) {
    if (model != used) {
      model = used;
      tokenizer = used.rowTokenizer(spec, options.longText());
    }
    if (budget == null) {
      budget = used.passBudget(options, spec.maxLength());
    }
    LibTorch.useThreads(options.threads());
    long start = System.nanoTime();
    Tokenized[] rows = new Tokenized[texts.size()];
    List<Piece> pieces = new ArrayList<>(rows.length);
    for (int i = 0; i < rows.length; i++) {
      if (i % TEXTS_BETWEEN_LOOKS == 0) {
        watch.tokenizing();
      }
      if (texts.get(i) != null) {
        String instruction = instructions.get(i) == null ? "" : instructions.get(i);
        rows[i] = tokenizer.tokenize(i, instruction, texts.get(i));
        pieces.addAll(rows[i].pieces());
      }
    }
    long tokenized = System.nanoTime();
    Passes passes = new Passes(used::pass, budget, watch, pieces);
    passes.run();
    List<Embedding> results = assemble(rows, passes);
    Tally.window(
        tokenized - start, results.stream().filter(result -> result.error() != null).count());
    return new Embeddings(
        results,
        passes.work(
            results.stream().filter(result -> result.vector() != null).count(),
            tokenized - start,
            System.nanoTime() - tokenized));
  }

  /** Pieces stand in the order of their rows. */
  private static List<Embedding> assemble(Tokenized[] rows, Passes passes) {
    List<Embedding> results = new ArrayList<>(rows.length);
    int next = 0;
    for (Tokenized row : rows) {
      if (row == null) {
        results.add(Embedding.OF_NULL);
      } else if (row.error() != null) {
        results.add(Embedding.failed(row.error()));
      } else {
        results.add(assemble(row, passes, next));
        next += row.pieces().size();
      }
    }
    return results;
  }

  private static Embedding assemble(Tokenized row, Passes passes, int first) {
    int tokens = 0;
    for (int p = 0; p < row.pieces().size(); p++) {
      if (passes.error(first + p) != null) {
        return Embedding.failed(passes.error(first + p));
      }
      tokens += row.pieces().get(p).ids().length;
    }
    float[] vector = mean(row.pieces(), passes, first);
    return unit(vector)
        ? new Embedding(vector, tokens, row.truncated(), null)
        : Embedding.failed(
            "the model gave a vector that has no direction (zero, or not finite); check its weights with precision fp32");
  }

  /**
   * The only piece's vector, or the pieces' unit vectors averaged by their text tokens and made a
   * unit vector.
   */
  private static float[] mean(List<Piece> pieces, Passes passes, int first) {
    if (pieces.size() == 1) {
      return passes.vector(first);
    }
    double[] sum = new double[passes.vector(first).length];
    for (int p = 0; p < pieces.size(); p++) {
      float[] vector = passes.vector(first + p);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += (double) pieces.get(p).weight() * vector[d];
      }
    }
    double norm = Math.max(Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum()), 1e-12);
    float[] unit = new float[sum.length];
    for (int d = 0; d < unit.length; d++) {
      unit[d] = (float) (sum[d] / norm);
    }
    return unit;
  }

  /** False also for NaN and infinities. */
  private static boolean unit(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    return Math.abs(square - 1) < 1e-3;
  }
}
