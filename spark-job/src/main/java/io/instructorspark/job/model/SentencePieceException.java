package io.instructorspark.job.model;

/** A SentencePiece model that makes no T5 tokenizer. The message goes on from the file's name. */
final class SentencePieceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SentencePieceException(String message) {
    super(message);
  }

  SentencePieceException(String message, Throwable cause) {
    super(message, cause);
  }
}
