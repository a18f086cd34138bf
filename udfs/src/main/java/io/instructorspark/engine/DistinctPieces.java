package io.instructorspark.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pieces of which those that are the same to the encoder, token for token and with the same text
 * start, are one.
 *
 * @param pieces each that is different from all before it
 * @param places of each original piece, its place among the different ones
 * @param rows of each different piece, the number of rows that begin with it
 */
record DistinctPieces(List<Piece> pieces, int[] places, int[] rows) {
  /** What the encoder sees of a piece. */
  private record Read(int textStart, int[] ids) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Read read
          && textStart == read.textStart
          && Arrays.equals(ids, read.ids);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(ids) + textStart;
    }
  }

  /**
   * @param all in the order of their rows
   */
  static DistinctPieces of(List<Piece> all) {
    Map<Read, Integer> known = new HashMap<>();
    List<Piece> pieces = new ArrayList<>();
    int[] places = new int[all.size()];
    int[] rows = new int[all.size()];
    for (int i = 0; i < places.length; i++) {
      Piece piece = all.get(i);
      Integer place = known.putIfAbsent(new Read(piece.textStart(), piece.ids()), pieces.size());
      places[i] = place == null ? pieces.size() : place;
      if (place == null) {
        pieces.add(piece);
      }
      if (i == 0 || piece.row() != all.get(i - 1).row()) {
        rows[places[i]]++;
      }
    }
    return new DistinctPieces(pieces, places, Arrays.copyOf(rows, pieces.size()));
  }

  /** Tokens of a different piece. */
  int length(int place) {
    return pieces.get(place).ids().length;
  }
}
