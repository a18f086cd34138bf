package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process's environment says of the hub, by {@link MachineVariable}. */
record HubEnvironment(Map<String, String> variables, Path home) {
  private static final Logger LOG = LoggerFactory.getLogger(HubEnvironment.class);
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");
  private static final Pattern NOT_IN_A_TOKEN = Pattern.compile("[^\\x21-\\x7e]");

  static HubEnvironment ofThisProcess() {
    return of(System.getenv(), System.getProperty("user.home", ""));
  }

  /**
   * With the home that Python finds: where {@code HOME} says, else where the system does.
   *
   * @param systems what Java says: {@code ?} for a user that the system does not know
   */
  static HubEnvironment of(Map<String, String> variables, String systems) {
    String home = variables.getOrDefault("HOME", "");
    return new HubEnvironment(variables, Path.of(home.startsWith("/") ? home : systems));
  }

  Optional<URI> endpoint() {
    return value(MachineVariable.HF_ENDPOINT).map(HubEnvironment::endpoint);
  }

  /** The token to present to the endpoint; empty if none is set or its use is switched off. */
  Optional<String> token() {
    if (isTrue(MachineVariable.HF_HUB_DISABLE_IMPLICIT_TOKEN)) {
      return Optional.empty();
    }
    for (MachineVariable variable :
        List.of(MachineVariable.HF_TOKEN, MachineVariable.HUGGING_FACE_HUB_TOKEN)) {
      Optional<String> token = value(variable).flatMap(value -> token(value, variable.name()));
      if (token.isPresent()) {
        return token;
      }
    }
    Path file = path(MachineVariable.HF_TOKEN_PATH).orElseGet(() -> hubHome().resolve("token"));
    try {
      return token(Files.readString(file), "the file " + file);
    } catch (NoSuchFileException e) {
      LOG.debug("no token of the hub: {} is not there", file);
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read a token of the hub from %s (%s): make it readable, or set HF_TOKEN"
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  Path cache() {
    return path(MachineVariable.HF_HUB_CACHE)
        .or(() -> path(MachineVariable.HUGGINGFACE_HUB_CACHE))
        .orElseGet(() -> hubHome().resolve("hub"));
  }

  /** Empty if nothing says whether to stay offline. */
  Optional<Boolean> offline() {
    return value(MachineVariable.HF_HUB_OFFLINE)
        .or(() -> value(MachineVariable.TRANSFORMERS_OFFLINE))
        .map(this::means);
  }

  boolean withoutLinks() {
    return isTrue(MachineVariable.HF_HUB_DISABLE_SYMLINKS);
  }

  HubTimes times(HubTimes byDefault) {
    HubTimes times = byDefault;
    Optional<String> answer = value(MachineVariable.HF_HUB_ETAG_TIMEOUT);
    if (answer.isPresent()) {
      times =
          times.withAnswer(
              HubTimes.seconds(
                  MachineVariable.HF_HUB_ETAG_TIMEOUT.name(),
                  answer.get(),
                  HubTimes.DEFAULT.answer()));
    }
    Optional<String> transfer = value(MachineVariable.HF_HUB_DOWNLOAD_TIMEOUT);
    if (transfer.isPresent()) {
      times =
          times.withTransfer(
              HubTimes.seconds(
                  MachineVariable.HF_HUB_DOWNLOAD_TIMEOUT.name(),
                  transfer.get(),
                  HubTimes.DEFAULT.transfer()));
    }
    return times;
  }

  private static URI endpoint(String value) {
    URI uri;
    try {
      uri = new URI(value.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      // The parser's message quotes the value, which may hold a password.
      throw new IllegalArgumentException("HF_ENDPOINT is no address: expected https://host[:port]");
    }
    if (!HubOrigin.isPlain(uri) || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "HF_ENDPOINT must be https://host[:port][/path] (or http), without user, password, query"
              + " or fragment; a token is given as HF_TOKEN");
    }
    return uri;
  }

  private static Optional<String> token(String value, String where) {
    String token = value.strip();
    if (NOT_IN_A_TOKEN.matcher(token).find()) {
      throw new IllegalArgumentException(
          "%s holds no token of the Hugging Face hub: a token is one word of plain ASCII characters"
              .formatted(where));
    }
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }

  private Path hubHome() {
    return path(MachineVariable.HF_HOME)
        .or(() -> path(MachineVariable.XDG_CACHE_HOME).map(caches -> caches.resolve("huggingface")))
        .orElseGet(this::usualHome);
  }

  /** A user without a home has this machine's cache, wherever that is. */
  private Path usualHome() {
    if (home.isAbsolute()) {
      return home.resolve(".cache").resolve("huggingface");
    }
    try {
      return CacheSettings.DEFAULT.onThisMachine(variables).resolve("huggingface");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "this user has no home folder for the hub's cache: set HF_HOME to a folder that it may"
              + " write",
          e);
    }
  }

  /** Not the variables: the token is one of them. */
  @Override
  public String toString() {
    return "HubEnvironment[home=%s]".formatted(home);
  }

  /** A path with {@code ~} and {@code $VARIABLE} replaced, as Python does it. */
  private Optional<Path> path(MachineVariable variable) {
    return value(variable).map(this::expanded).map(Path::of).map(Path::toAbsolutePath);
  }

  private String expanded(String path) {
    boolean ofHome = path.equals("~") || path.startsWith("~/");
    return VARIABLE
        .matcher(ofHome ? home + path.substring(1) : path)
        .replaceAll(
            found -> {
              String name = found.group(1) == null ? found.group(2) : found.group(1);
              return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
            });
  }

  private boolean isTrue(MachineVariable variable) {
    return value(variable).map(this::means).orElse(false);
  }

  private boolean means(String value) {
    return TRUE.contains(value.toUpperCase(Locale.ROOT));
  }

  private Optional<String> value(MachineVariable variable) {
    return variable.in(variables);
  }
}
