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
 */
public final class TextEmbedder {
  private final InstructorModel model;
  private final EmbedOptions options;
  private final RowTokenizer tokenizer;
  private final int maxTokens;

  TextEmbedder(InstructorModel model, RowTokenizer tokenizer, EmbedOptions options, int maxTokens) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.options = options;
    this.maxTokens = maxTokens;
  }

  /**
   * Embeds rows: tokenised and sorted by length together, encoded batch by batch, returned in the
   * order they came in.
   *
   * @param instructions one for each row; null is the empty instruction
   * @param texts one for each row; null gives a null vector and no error
   * @return one result for each row; a row that cannot be embedded carries an error and costs the
   *     others nothing
   * @throws EngineException if a forward pass fails
   */
  public Embeddings embed(List<String> instructions, List<String> texts) {
    return embed(instructions, texts, (rows, tokens) -> {});
  }

  /**
   * As {@link #embed(List, List)}.
   *
   * @param watch told of each forward pass; what it throws ends the call
   */
  public Embeddings embed(List<String> instructions, List<String> texts, BatchWatch watch) {
    if (instructions.size() != texts.size()) {
      throw new IllegalArgumentException(
          "one instruction per text is needed, got %d instructions and %d texts"
              .formatted(instructions.size(), texts.size()));
    }
    LibTorch.useThreads(options.threads());
    long start = System.nanoTime();
    Tokenized[] rows = new Tokenized[texts.size()];
    List<Piece> pieces = new ArrayList<>(rows.length);
    for (int i = 0; i < rows.length; i++) {
      if (texts.get(i) != null) {
        String instruction = instructions.get(i) == null ? "" : instructions.get(i);
        rows[i] = tokenizer.tokenize(i, instruction, texts.get(i));
        pieces.addAll(rows[i].pieces());
      }
    }
    long tokenized = System.nanoTime();
    List<int[]> batches =
        BatchPlanner.plan(
            pieces.stream().mapToInt(piece -> piece.ids().length).toArray(), maxTokens);
    float[][] vectors = new float[pieces.size()][];
    long padded = 0;
    for (int[] batch : batches) {
      padded += encode(batch, pieces, vectors);
      watch.afterBatch(
          (int) Arrays.stream(batch).filter(i -> startsRow(pieces, i)).count(),
          Arrays.stream(batch).mapToLong(i -> pieces.get(i).ids().length).sum());
    }
    List<Embedding> results = assemble(rows, vectors);
    return new Embeddings(
        results,
        new Work(
            results.stream().filter(result -> result.vector() != null).count(),
            pieces.stream().mapToLong(piece -> piece.ids().length).sum(),
            padded,
            batches.size(),
            tokenized - start,
            System.nanoTime() - tokenized));
  }

  /** Pieces stand in the order of their rows. */
  private static boolean startsRow(List<Piece> pieces, int index) {
    return index == 0 || pieces.get(index).row() != pieces.get(index - 1).row();
  }

  /** Puts the batch's vectors where their pieces are; returns its padded tokens. */
  private long encode(int[] indices, List<Piece> pieces, float[][] vectors) {
    List<int[]> ids = Arrays.stream(indices).mapToObj(i -> pieces.get(i).ids()).toList();
    int[] starts = Arrays.stream(indices).map(i -> pieces.get(i).textStart()).toArray();
    TokenBatch batch = new TokenBatch(ids, starts);
    float[][] encoded = model.encode(batch);
    for (int i = 0; i < indices.length; i++) {
      vectors[indices[i]] = encoded[i];
    }
    return (long) batch.size() * batch.tokens();
  }

  /** Pieces stand in the order of their rows. */
  private static List<Embedding> assemble(Tokenized[] rows, float[][] vectors) {
    List<Embedding> results = new ArrayList<>(rows.length);
    int next = 0;
    for (Tokenized row : rows) {
      if (row == null) {
        results.add(Embedding.OF_NULL);
      } else if (row.error() != null) {
        results.add(Embedding.failed(row.error()));
      } else {
        int tokens = row.pieces().stream().mapToInt(piece -> piece.ids().length).sum();
        float[] vector = mean(row.pieces(), vectors, next);
        next += row.pieces().size();
        results.add(
            unit(vector)
                ? new Embedding(vector, tokens, row.truncated(), null)
                : Embedding.failed(
                    "the model gave a vector that has no direction (zero, or not finite); check its weights with precision fp32"));
      }
    }
    return results;
  }

  /**
   * The only piece's vector, or the pieces' unit vectors averaged by their text tokens and made a
   * unit vector.
   */
  private static float[] mean(List<Piece> pieces, float[][] vectors, int first) {
    if (pieces.size() == 1) {
      return vectors[first];
    }
    double[] sum = new double[vectors[first].length];
    for (int p = 0; p < pieces.size(); p++) {
      float[] vector = vectors[first + p];
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
