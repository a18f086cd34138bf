package io.instructorspark.job.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A Unigram model of SentencePiece as {@code spm_train} writes it, found fit for T5: {@code <pad>},
 * {@code </s>} and {@code <unk>} are its first pieces, the rest are learnt, and it treats white
 * space as T5 does.
 *
 * @param pieces all pieces, by their ids
 * @param characters the map of characters to their replacements, in SentencePiece's own form
 */
record SentencePieceModel(List<Piece> pieces, byte[] characters) {
  /** A vocabulary of 250,000 pieces takes some 5 MB. */
  private static final int LONGEST = 1 << 25;

  private static final int MOST_PIECES = 250_000;
  private static final List<Piece> FIRST =
      List.of(
          new Piece("<pad>", 0, PieceKind.CONTROL),
          new Piece("</s>", 0, PieceKind.CONTROL),
          new Piece("<unk>", 0, PieceKind.UNKNOWN));

  /**
   * A piece of text.
   *
   * @param text a space is {@code ▁}
   * @param score logarithm of its probability
   * @param kind what it is for
   */
  record Piece(String text, float score, PieceKind kind) {}

  /** What a piece is for; in the order of SentencePiece's numbers, from 1. */
  enum PieceKind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /**
   * Reads a model.
   *
   * @throws SentencePieceException if it is none, or none that T5 can have; the message goes on
   *     from the file's name
   */
  static SentencePieceModel read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LONGEST + 1);
    } catch (IOException e) {
      throw new SentencePieceException("it cannot be read (%s)".formatted(e), e);
    }
    if (bytes.length > LONGEST) {
      throw new SentencePieceException("it is larger than %,d bytes".formatted(LONGEST));
    }
    return of(ByteBuffer.wrap(bytes));
  }

  private static SentencePieceModel of(ByteBuffer bytes) {
    List<Piece> pieces = new ArrayList<>();
    byte[] characters = {};
    WireMessage model = new WireMessage(bytes);
    while (model.next()) {
      switch (model.field()) {
        case 1 -> {
          pieces.add(piece(model.message()));
          if (pieces.size() > MOST_PIECES) {
            throw new SentencePieceException("it has more than %,d pieces".formatted(MOST_PIECES));
          }
        }
        case 2 -> requireTrainedForT5(model.message());
        case 3 -> characters = characters(model.message());
        default -> {} // what it was tested with, and how to undo the normalisation
      }
    }
    requirePieces(pieces);
    if (characters.length == 0) {
      throw new SentencePieceException(
          "it has no map of characters: train it with --normalization_rule_name=nmt_nfkc");
    }
    return new SentencePieceModel(List.copyOf(pieces), characters);
  }

  private static Piece piece(WireMessage fields) {
    String text = "";
    float score = 0;
    PieceKind kind = PieceKind.NORMAL;
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> text = fields.text();
        case 2 -> score = fields.real();
        case 3 -> kind = kind(fields.integer());
        default -> {}
      }
    }
    if (text.isEmpty() || !Float.isFinite(score)) {
      throw new SentencePieceException(
          "it has a piece '%s' with the score %s".formatted(text, score));
    }
    return new Piece(text, score, kind);
  }

  private static PieceKind kind(long number) {
    PieceKind[] kinds = PieceKind.values();
    if (number < 1 || number > kinds.length) {
      throw new SentencePieceException("it has a piece of the unknown kind %d".formatted(number));
    }
    return kinds[(int) number - 1];
  }

  private static void requireTrainedForT5(WireMessage training) {
    while (training.next()) {
      switch (training.field()) {
        case 3 -> require(training.integer() == 1, "is not Unigram", "--model_type=unigram");
        case 24 ->
            require(training.integer() == 0, "marks spaces at the end of words", "the default");
        case 35 -> require(training.integer() == 0, "falls back to bytes", "--byte_fallback=false");
        default -> {}
      }
    }
  }

  private static byte[] characters(WireMessage normalizer) {
    byte[] characters = {};
    while (normalizer.next()) {
      switch (normalizer.field()) {
        case 2 -> {
          ByteBuffer bytes = normalizer.bytes();
          characters = new byte[bytes.remaining()];
          bytes.get(characters);
        }
        case 3 ->
            require(
                normalizer.integer() == 1,
                "puts no space before a text",
                "--add_dummy_prefix=true");
        case 4 ->
            require(
                normalizer.integer() == 1, "keeps extra spaces", "--remove_extra_whitespaces=true");
        case 5 -> require(normalizer.integer() == 1, "keeps spaces as they are", "the default");
        default -> {}
      }
    }
    return characters;
  }

  private static void requirePieces(List<Piece> pieces) {
    if (pieces.size() <= FIRST.size()) {
      throw new SentencePieceException("it has %d pieces".formatted(pieces.size()));
    }
    Set<String> seen = new HashSet<>();
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (id < FIRST.size()) {
        Piece first = FIRST.get(id);
        require(
            piece.text().equals(first.text()) && piece.kind() == first.kind(),
            "has '%s' (%s) as piece %d where T5 has '%s'"
                .formatted(piece.text(), piece.kind(), id, first.text()),
            "--pad_id=0 --eos_id=1 --unk_id=2 --bos_id=-1 --pad_piece='<pad>'");
      } else {
        require(
            piece.kind() == PieceKind.NORMAL,
            "has the piece '%s', which is not learnt but %s".formatted(piece.text(), piece.kind()),
            "no symbols of its own");
      }
      if (!seen.add(piece.text())) {
        throw new SentencePieceException("it has the piece '%s' twice".formatted(piece.text()));
      }
    }
  }

  private static void require(boolean holds, String problem, String remedy) {
    if (!holds) {
      throw new SentencePieceException(
          "it %s, and T5's does not: train it with %s".formatted(problem, remedy));
    }
  }
}
