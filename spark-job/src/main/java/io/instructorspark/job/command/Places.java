package io.instructorspark.job.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a command writes to, by the options that say so. Not thread-safe. */
public final class Places {
  private final List<Place> places = new ArrayList<>();

  private record Place(String option, String path) {
    /** As a path of this machine; empty where a scheme leads elsewhere. */
    Optional<Path> local() {
      String local = path.startsWith("file:") ? path.replaceFirst("^file:/*", "/") : path;
      return local.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")
          ? Optional.empty()
          : Optional.of(Path.of(local).toAbsolutePath().normalize());
    }

    boolean isIn(Place other) {
      return path.equals(other.path)
          || local()
              .flatMap(mine -> other.local().map(mine::startsWith))
              .orElse(path.startsWith(other.path + "/"));
    }
  }

  /** Adds a place, if there is one. Returns this. */
  public Places and(String option, Object path) {
    if (path != null) {
      places.add(new Place(option, path.toString()));
    }
    return this;
  }

  /** Why two of them would be written over each other, in words; empty if none would. */
  Optional<String> conflict() {
    for (Place one : places) {
      for (Place other : places) {
        if (one != other && one.isIn(other)) {
          return Optional.of(
              "%s %s and %s %s would be written over each other; give them places apart"
                  .formatted(one.option, one.path, other.option, other.path));
        }
      }
    }
    return Optional.empty();
  }
}
