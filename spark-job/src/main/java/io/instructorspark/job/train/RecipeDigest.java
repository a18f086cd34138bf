package io.instructorspark.job.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells recipes apart. */
final class RecipeDigest {
  private RecipeDigest() {}

  /** The SHA-256 of the file, in hex. */
  static String of(Path recipe) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(recipe)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the recipe %s cannot be read".formatted(recipe), e);
    }
  }
}
