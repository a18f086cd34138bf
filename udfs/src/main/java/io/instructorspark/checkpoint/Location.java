package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Access;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of location, told apart by the text that a user gave. */
enum Location {
  CLASS_PATH {
    @Override
    Checkpoint open(String location, Access access, String fingerprint) {
      ClassPathFiles files = new ClassPathFiles(location.substring(BUILTIN.length()));
      return new Checkpoint(location, new Source(location, files, access.forFolders()));
    }
  },
  FOLDER {
    @Override
    Checkpoint open(String location, Access access, String fingerprint) {
      Path folder = folder(location).toAbsolutePath().normalize();
      return FolderStore.isRemote(folder)
          ? new RemoteCheckpoint(location, new FolderStore(), access.forFolders()).open(fingerprint)
          : new Checkpoint(
              location,
              new Source(
                  folder.toString(),
                  new FolderFiles(folder, access.digests()),
                  access.forFolders()));
    }
  },
  HUB {
    @Override
    Checkpoint open(String location, Access access, String fingerprint) {
      HubFiles files = HubFiles.open(location, access);
      try {
        return new Checkpoint(location, new Source(files.pinned(), files, access.forHub()));
      } catch (CheckpointException e) {
        files.requireAsDownloaded();
        throw e;
      }
    }
  },
  WEB {
    @Override
    Checkpoint open(String location, Access access, String fingerprint) {
      refuseCredentials(location);
      throw new CheckpointException(
          ("cannot read %s: pages of the web are not checkpoints. Of a repository on the Hugging"
                  + " Face hub write hf://org/name; download anything else into a folder")
              .formatted(location));
    }
  },
  STORE {
    @Override
    Checkpoint open(String location, Access access, String fingerprint) {
      refuseCredentials(location);
      return access
          .store()
          .map(store -> new RemoteCheckpoint(location, store, access.forStore()).open(fingerprint))
          .orElseThrow(
              () ->
                  new CheckpointException(
                      ("cannot read %s: stores are reached through Hadoop's file systems, which the"
                              + " Spark stages bring; here, give a folder, hf://org/name or a"
                              + " %s checkpoint")
                          .formatted(location, BUILTIN)));
    }
  };

  static final String BUILTIN = "builtin:";

  /** Two letters at least, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):");

  /**
   * {@code abfss:} has its container before an {@code @}; a password stands behind a colon, and a
   * key of S3 may hold slashes. A port is no password.
   */
  private static final Pattern PASSWORD =
      Pattern.compile("[^:/]+://[^/@]*:(?!\\d*(?:/|$)).*@.*|[^:/]+://[^/@]*:[^/]*@.*");

  /**
   * Opens a location of this kind.
   *
   * @param fingerprint of the checkpoint that is expected there; null for whichever it is
   */
  abstract Checkpoint open(String location, Access access, String fingerprint);

  static Location of(String location) {
    if (location == null || location.isBlank()) {
      throw new CheckpointException(
          "no checkpoint given. Give a folder, hf://org/name or %sinstructor-mini"
              .formatted(BUILTIN));
    }
    Matcher scheme = SCHEME.matcher(location);
    if (!scheme.lookingAt()) {
      return FOLDER;
    }
    return switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
      case "builtin" -> CLASS_PATH;
      case "file" -> FOLDER;
      case "hf" -> HUB;
      case "http", "https" -> WEB;
      default -> STORE;
    };
  }

  /** A location is logged, and written beside vectors. */
  private static void refuseCredentials(String location) {
    if (PASSWORD.matcher(location).matches() || location.contains("?")) {
      throw new CheckpointException(
          ("the location of the checkpoint, a %s: URI, holds credentials or a query. Locations are"
                  + " logged and written beside vectors, so give credentials in Hadoop's settings"
                  + " (spark.hadoop.…) and leave them out of the URI")
              .formatted(location.substring(0, location.indexOf(':'))));
    }
  }

  /** A path, or the path of a {@code file:} URI. */
  static Path folder(String location) {
    return SCHEME.matcher(location).lookingAt() ? fileUri(location) : path(location);
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
