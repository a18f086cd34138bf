package io.instructorspark.checkpoint;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides from the text that a user gave where a checkpoint's files lie. */
final class Location {
  static final String BUILTIN = "builtin:";

  /** Two letters at least, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):");

  private Location() {}

  static CheckpointFiles resolve(String location) {
    if (location == null || location.isBlank()) {
      throw new CheckpointException(
          "no checkpoint given. Give a folder or %sinstructor-mini".formatted(BUILTIN));
    }
    Matcher scheme = SCHEME.matcher(location);
    if (!scheme.lookingAt()) {
      return new FolderFiles(path(location));
    }
    return switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
      case "builtin" -> new ClassPathFiles(location.substring(BUILTIN.length()));
      case "file" -> new FolderFiles(fileUri(location));
      default ->
          throw new CheckpointException(
              ("cannot read %s: the scheme %s: is not supported. This version reads"
                      + " folders and %s checkpoints; copy the checkpoint into a folder first")
                  .formatted(location, scheme.group(1), BUILTIN));
    };
  }

  private static Path path(String location) {
    try {
      return Path.of(location);
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          "%s is not a folder's path: %s".formatted(location, e.getReason()), e);
    }
  }

  private static Path fileUri(String location) {
    try {
      return Path.of(new URI(location));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new CheckpointException(
          ("%s is not a file URI: %s. Write file:///absolute/folder (a space as %%20) or"
                  + " the plain path")
              .formatted(location, e.getMessage()),
          e);
    }
  }
}
