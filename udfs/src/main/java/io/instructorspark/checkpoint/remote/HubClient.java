package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Speaks the hub's protocol. Nothing that a server sends is believed unchecked. */
final class HubClient {
  private static final int MOST_REDIRECTS = 5;
  private static final int MOST_QUESTIONS = 3;
  private static final String USER_AGENT = "instructor-spark; java/" + Runtime.version().feature();

  private final HubSettings settings;
  private final HubOrigin home;
  private final HubRefusals refusals;
  private final HubOutages silences;
  private final HubOutages breaks;

  HubClient(HubSettings settings) {
    HubTimes times = settings.times();
    this.settings = settings;
    this.home = new HubOrigin(settings.endpoint());
    this.refusals = new HubRefusals(settings);
    this.silences = new HubOutages(times.answer(), "HF_HUB_ETAG_TIMEOUT");
    this.breaks = new HubOutages(times.transfer(), "HF_HUB_DOWNLOAD_TIMEOUT");
  }

  /**
   * What the hub says of a path.
   *
   * @param commit what the revision is now; empty if the answer does not say so
   * @param file empty if the repository has no such file
   */
  record Description(Optional<String> commit, Optional<HubFile> file) {}

  /**
   * Asks about a file, again if the server is busy.
   *
   * @throws HubException if there is no usable answer, or one that says no; that the file alone is
   *     missing is an answer
   */
  Description describe(HubPath file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return ask(file);
      } catch (HubException e) {
        if (e.kind() != Kind.BUSY || attempt == MOST_QUESTIONS) {
          throw e;
        }
        settings.times().rest(attempt, e);
      }
    }
  }

  private Description ask(HubPath file) throws IOException {
    URI uri = file.address(settings.endpoint());
    Optional<String> commit = Optional.empty();
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      try (HubExchange exchange = send("HEAD", uri, Map.of(), file, silences)) {
        HubAnswer answer = new HubAnswer(exchange, file);
        Optional<String> said = answer.commit();
        commit = said.isPresent() ? said : commit;
        if (answer.saysNoSuchFile()) {
          return new Description(commit, Optional.empty());
        }
        if (answer.isRedirect()) {
          URI target = answer.target();
          if (!answer.describesLink() && isHub(target, exchange.server())) {
            uri = target;
            continue;
          }
        } else if (answer.status() != 200) {
          throw refusals.of(exchange, file);
        }
        if (commit.isEmpty()) {
          throw answer.broken("no commit (X-Repo-Commit)");
        }
        return new Description(commit, Optional.of(answer.describedFile()));
      }
    }
    throw endless(file);
  }

  /**
   * Asks for a file's bytes from an offset on; the caller closes the answer. Begins at the hub each
   * time, because the addresses that it redirects to expire.
   *
   * @return an answer of status 200, 206 or 416
   */
  HubExchange get(HubPath file, long from) throws IOException {
    Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    URI uri = file.address(settings.endpoint());
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HubExchange exchange = send("GET", uri, range, file, breaks);
      int status = exchange.status();
      if (status == 200 || status == 206 || status == 416 && from > 0) {
        return exchange;
      }
      try (exchange) {
        HubAnswer answer = new HubAnswer(exchange, file);
        if (!answer.isRedirect()) {
          throw refusals.of(exchange, file);
        }
        uri = answer.target();
      }
    }
    throw endless(file);
  }

  /** Words for a transfer that broke after its answer began. */
  IOException broken(IOException failure, HubExchange exchange, HubPath file) {
    return breaks.of(failure, exchange.server(), file);
  }

  private HubExchange send(
      String method, URI uri, Map<String, String> more, HubPath file, HubOutages outages)
      throws IOException {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("User-Agent", USER_AGENT);
    headers.put("Accept", "*/*");
    headers.put("Accept-Encoding", "identity");
    HubOrigin server = new HubOrigin(uri);
    if (server.equals(home) && home.isPrivate()) {
      settings.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
    }
    try {
      return HubExchange.send(method, uri, headers, outages.patience());
    } catch (IOException e) {
      throw outages.of(e, server, file);
    }
  }

  /** Whether a redirect stays where files are described, as for a renamed repository. */
  private static boolean isHub(URI target, HubOrigin from) {
    HubOrigin server = new HubOrigin(target);
    return server.equals(from) || server.equals(new HubOrigin(HubSettings.PUBLIC_HUB));
  }

  private HubException endless(HubPath file) {
    return new HubException(
        Kind.BROKEN_ANSWER,
        "%s redirects more than %d times, asked for %s: check HF_ENDPOINT and proxy"
            .formatted(home, MOST_REDIRECTS, file));
  }
}
