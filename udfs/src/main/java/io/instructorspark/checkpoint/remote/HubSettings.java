package io.instructorspark.checkpoint.remote;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which hub to ask, as whom, how patiently, and where this machine keeps what it got. Read from the
 * variables that the hub's Python client reads: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code
 * HF_TOKEN_PATH}, {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}, {@code
 * HF_HUB_ETAG_TIMEOUT}, {@code HF_HUB_DOWNLOAD_TIMEOUT} and their older names.
 *
 * <p>The serialised form holds the token, because executors download for themselves; so it belongs
 * into what travels to executors and nowhere else. {@link #toString} does not show it.
 */
public final class HubSettings implements Serializable {
  private static final long serialVersionUID = 1;
  static final URI PUBLIC_HUB = URI.create("https://huggingface.co");

  private final URI endpoint;
  private final String token;
  private final String cache;
  private final boolean offline;
  private final boolean links;
  private final HubTimes times;

  private HubSettings(
      HubEnvironment here, URI endpoint, String token, boolean offline, HubTimes times) {
    this.endpoint = endpoint;
    this.token = token;
    this.cache = here.cache().toString();
    this.offline = offline;
    this.links = !here.withoutLinks();
    this.times = times;
  }

  private HubSettings(HubSettings other, HubTimes times) {
    this.endpoint = other.endpoint;
    this.token = other.token;
    this.cache = other.cache;
    this.offline = other.offline;
    this.links = other.links;
    this.times = times;
  }

  /**
   * The settings of this process.
   *
   * @throws IllegalArgumentException naming the variable, if one has no usable value
   */
  public static HubSettings ofEnvironment() {
    return of(HubEnvironment.ofThisProcess());
  }

  static HubSettings of(Map<String, String> variables, Path home) {
    return of(new HubEnvironment(variables, home));
  }

  private static HubSettings of(HubEnvironment here) {
    return new HubSettings(
        here,
        here.endpoint().orElse(PUBLIC_HUB),
        here.token().orElse(null),
        here.offline().orElse(false),
        here.times(HubTimes.DEFAULT));
  }

  /**
   * On an executor, the driver's settings with those laid over them that this machine's own
   * environment makes. The cache is this machine's in any case. Where this machine names another
   * endpoint, the driver's token is dropped: it was given for the driver's endpoint alone.
   */
  public HubSettings onThisMachine() {
    return on(HubEnvironment.ofThisProcess());
  }

  HubSettings on(HubEnvironment here) {
    URI itsEndpoint = here.endpoint().orElse(endpoint);
    boolean same = new HubOrigin(itsEndpoint).equals(new HubOrigin(endpoint));
    return new HubSettings(
        here,
        itsEndpoint,
        here.token().orElse(same ? token : null),
        here.offline().orElse(offline),
        here.times(times));
  }

  HubSettings with(HubTimes newTimes) {
    return new HubSettings(this, newTimes);
  }

  /** Without a slash at its end. */
  URI endpoint() {
    return endpoint;
  }

  Optional<String> token() {
    return Optional.ofNullable(token);
  }

  Path cache() {
    return Path.of(cache);
  }

  boolean offline() {
    return offline;
  }

  /** Whether symbolic links may be tried in the cache. */
  boolean links() {
    return links;
  }

  HubTimes times() {
    return times;
  }

  /** All but the token. */
  @Override
  public String toString() {
    return "HubSettings[endpoint=%s, token=%s, cache=%s, offline=%s]"
        .formatted(endpoint, token == null ? "none" : "given", cache, offline);
  }
}
