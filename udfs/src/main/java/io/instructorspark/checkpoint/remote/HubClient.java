package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Speaks the hub's protocol. Nothing that a server sends is believed unchecked. */
final class HubClient {
  private static final int MOST_REDIRECTS = 5;
  private static final String USER_AGENT = "instructor-spark; java/" + Runtime.version().feature();

  private final HubSettings settings;
  private final HubOrigin home;
  private final HubRefusals refusals;

  HubClient(HubSettings settings) {
    this.settings = settings;
    this.home = new HubOrigin(settings.endpoint());
    this.refusals = new HubRefusals(settings);
  }

  /**
   * What the hub says of a path.
   *
   * @param commit what the revision is now; empty if the answer does not say so
   * @param file empty if the repository has no such file
   */
  record Description(Optional<String> commit, Optional<HubFile> file) {}

  /**
   * Asks about a file.
   *
   * @throws HubException if there is no usable answer, or one that says no; that the file alone is
   *     missing is an answer
   */
  Description describe(HubLocation location, String path) throws IOException {
    URI uri = address(location, path);
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      try (HubExchange answer = send("HEAD", uri, Map.of(), location, path)) {
        Optional<String> commit = commit(answer, uri, location);
        int status = answer.status();
        if (status == 404
            && answer.header("X-Error-Code").filter("EntryNotFound"::equals).isPresent()) {
          return new Description(commit, Optional.empty());
        }
        if (isRedirect(status)) {
          URI target = target(uri, answer, location, path);
          if (stays(uri, target, answer)) {
            uri = target;
            continue;
          }
        } else if (status != 200) {
          throw refusals.of(answer, new HubOrigin(uri), location, path);
        }
        if (commit.isEmpty()) {
          throw broken(uri, "no commit (X-Repo-Commit)", location, path);
        }
        return new Description(commit, Optional.of(file(answer, uri, location, path)));
      }
    }
    throw endless(location, path);
  }

  /**
   * Asks for a file's bytes from an offset on; the caller closes the answer.
   *
   * @return an answer of status 200, 206 or 416
   */
  HubExchange get(HubLocation location, String path, long from) throws IOException {
    Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    URI uri = address(location, path);
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HubExchange answer = send("GET", uri, range, location, path);
      boolean handedOver = false;
      try {
        int status = answer.status();
        if (status == 200 || status == 206 || status == 416 && from > 0) {
          handedOver = true;
          return answer;
        }
        if (!isRedirect(status)) {
          throw refusals.of(answer, new HubOrigin(uri), location, path);
        }
        uri = target(uri, answer, location, path);
      } finally {
        if (!handedOver) {
          answer.close();
        }
      }
    }
    throw endless(location, path);
  }

  /** Words for a transfer that broke after its answer began. */
  IOException interrupted(IOException failure, HubLocation location, String path) {
    return refusals.of(
        failure,
        home,
        "%s (file %s)".formatted(location, path),
        "HF_HUB_DOWNLOAD_TIMEOUT",
        settings.times().transfer());
  }

  private HubExchange send(
      String method, URI uri, Map<String, String> more, HubLocation location, String path)
      throws IOException {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("User-Agent", USER_AGENT);
    headers.put("Accept", "*/*");
    headers.put("Accept-Encoding", "identity");
    HubOrigin server = new HubOrigin(uri);
    if (server.equals(home) && server.isPrivate()) {
      settings.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
    }
    boolean head = method.equals("HEAD");
    Duration patience = head ? settings.times().answer() : settings.times().transfer();
    try {
      return HubExchange.send(method, uri, headers, patience);
    } catch (IOException e) {
      throw refusals.of(
          e,
          server,
          "%s (file %s)".formatted(location, path),
          head ? "HF_HUB_ETAG_TIMEOUT" : "HF_HUB_DOWNLOAD_TIMEOUT",
          patience);
    }
  }

  /**
   * Whether the answer to a question about a file lies behind the redirect: within the hub it does,
   * as for a repository that was renamed. A redirect elsewhere is where the bytes are, and the
   * answer that sends there describes them.
   */
  private static boolean stays(URI from, URI target, HubExchange answer) {
    return new HubOrigin(from).equals(new HubOrigin(target))
        && answer.header("X-Linked-Etag").isEmpty();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private URI target(URI from, HubExchange answer, HubLocation location, String path)
      throws HubException {
    String header =
        answer
            .header("Location")
            .orElseThrow(() -> broken(from, "a redirect to nowhere", location, path));
    URI target;
    try {
      target = from.resolve(header);
    } catch (IllegalArgumentException e) {
      // The parser's message quotes the address, which may be signed.
      throw broken(from, "a redirect to what is no address", location, path);
    }
    String scheme = target.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)
        || target.getHost() == null
        || target.getRawUserInfo() != null) {
      throw broken(from, "a redirect to what is no plain http or https address", location, path);
    }
    if (new HubOrigin(from).isEncrypted() && !new HubOrigin(target).isEncrypted()) {
      throw broken(
          from,
          "a redirect from https to http (host %s), which others could read and change"
              .formatted(target.getHost()),
          location,
          path);
    }
    return target;
  }

  private Optional<String> commit(HubExchange answer, URI uri, HubLocation location)
      throws HubException {
    Optional<String> commit = answer.header("X-Repo-Commit");
    if (commit.isPresent() && !HubLocation.isCommit(commit.get())) {
      throw broken(uri, "a commit that is not 40 hexadecimal digits", location, "X-Repo-Commit");
    }
    if (commit.isPresent() && location.isPinned() && !commit.get().equals(location.revision())) {
      throw broken(uri, "another commit, " + commit.get(), location, "X-Repo-Commit");
    }
    return commit;
  }

  private HubFile file(HubExchange answer, URI uri, HubLocation location, String path)
      throws HubException {
    String etag =
        answer
            .header("X-Linked-Etag")
            .or(() -> answer.header("ETag"))
            .map(HubFile::normalised)
            .orElseThrow(() -> broken(uri, "no etag", location, path));
    if (!HubFile.isEtag(etag)) {
      throw broken(uri, "an etag that cannot name a file", location, path);
    }
    Optional<String> length =
        answer
            .header("X-Linked-Size")
            .or(() -> answer.header("Content-Length").filter(any -> answer.status() == 200));
    try {
      long size = Long.parseLong(length.orElse(""));
      if (size >= 0 && size <= HubFile.LARGEST) {
        return new HubFile(etag, size);
      }
    } catch (NumberFormatException e) {
      throw broken(uri, "no usable length of the file", location, path);
    }
    throw broken(
        uri, "a length that is not from 0 to %d".formatted(HubFile.LARGEST), location, path);
  }

  private URI address(HubLocation location, String path) {
    return URI.create(
        "%s/%s/resolve/%s/%s"
            .formatted(
                settings.endpoint(),
                location.repository(),
                encoded(location.revision(), ""),
                encoded(path, "/")));
  }

  private static String encoded(String text, String kept) {
    StringBuilder encoded = new StringBuilder();
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (unit & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0);
      if (plain || kept.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }

  private static HubException broken(URI from, String what, HubLocation location, String path) {
    return new HubException(
        Kind.BROKEN_ANSWER,
        "%s gave %s when asked for %s (%s): it is not a Hugging Face hub, or something between changes its answers; check HF_ENDPOINT and proxy"
            .formatted(new HubOrigin(from), what, location, path));
  }

  private HubException endless(HubLocation location, String path) {
    return new HubException(
        Kind.BROKEN_ANSWER,
        "%s redirects more than %d times when asked for %s (file %s)"
            .formatted(home, MOST_REDIRECTS, location, path));
  }
}
