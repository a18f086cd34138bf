package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.time.Duration;
import java.util.Optional;

/** Puts into words, for whoever named the repository, what a status other than success means. */
final class HubRefusals {
  private final HubSettings settings;
  private final HubOrigin home;

  HubRefusals(HubSettings settings) {
    this.settings = settings;
    this.home = new HubOrigin(settings.endpoint());
  }

  HubException of(HubExchange answer, HubPath file) {
    HubOrigin server = answer.server();
    return switch (answer.status()) {
      case 401 -> new HubException(Kind.REFUSED, unauthorised(server, file));
      case 403 -> new HubException(Kind.REFUSED, forbidden(answer, server, file));
      case 404 -> missing(answer, server, file);
      case 407 ->
          new HubException(
              Kind.REFUSED,
              ("the proxy before %s wants a user and a password, asked for %s: give them to the"
                      + " JVM, or go round the proxy (http.nonProxyHosts)")
                  .formatted(server, file));
      case 408, 429, 500, 502, 503, 504, 520, 522, 524 ->
          new HubException(
              Kind.BUSY,
              "%s cannot send %s now (HTTP %d): try again later; %s"
                  .formatted(server, file, answer.status(), HubOutages.OFFLINE_REMEDY),
              retryAfter(answer));
      default ->
          new HubException(
              Kind.BROKEN_ANSWER,
              "%s answered %s where %s was expected: check HF_ENDPOINT, proxy and firewall"
                  .formatted(
                      server,
                      answer.status() < 0 ? "what is no HTTP" : "HTTP " + answer.status(),
                      file));
    };
  }

  private String unauthorised(HubOrigin server, HubPath file) {
    if (settings.token().isEmpty()) {
      return ("%s wants to know who asks for %s (HTTP 401), and no token is set: the repository is"
              + " private or gated, or there is none of that name. Check %s, then set HF_TOKEN or"
              + " run `huggingface-cli login`")
          .formatted(server, file, page(file));
    }
    if (!home.isPrivate()) {
      return ("%s wants to know who asks for %s (HTTP 401). The token was withheld, because"
              + " HF_ENDPOINT is plain http, which others can read: use https")
          .formatted(server, file);
    }
    if (!home.equals(server)) {
      return ("%s wants to know who asks for %s (HTTP 401). The token was withheld, because it is"
              + " meant for %s alone, which redirects there: set HF_ENDPOINT to a server that may"
              + " have it")
          .formatted(server, file, home);
    }
    return ("%s refuses the token for %s (HTTP 401): it is expired, or of another hub, or its"
            + " account may not read this repository, or there is none of that name. Check %s,"
            + " then renew HF_TOKEN or run `huggingface-cli login`")
        .formatted(server, file, page(file));
  }

  private String forbidden(HubExchange answer, HubOrigin server, HubPath file) {
    if (answer.header("X-Error-Code").orElse("").equals("GatedRepo")) {
      String who =
          settings.token().isPresent()
              ? "with the account of the token"
              : "with an account whose token you give as HF_TOKEN";
      return ("%s is gated (HTTP 403): accept the conditions at %s %s, and run again once access"
              + " is granted")
          .formatted(file, page(file), who);
    }
    if (answer.header("X-Error-Message").orElse("").contains("disabled")) {
      return "the hub has disabled %s; see %s".formatted(file, page(file));
    }
    return ("%s forbids %s (HTTP 403): the token lacks the right to read it, or a firewall stands"
            + " between; see %s")
        .formatted(server, file, page(file));
  }

  private HubException missing(HubExchange answer, HubOrigin server, HubPath file) {
    HubLocation location = file.location();
    return switch (answer.header("X-Error-Code").orElse("")) {
      case "RepoNotFound" ->
          new HubException(
              Kind.NO_REPOSITORY,
              "%s has no repository %s (HTTP 404): check the spelling; a private one needs HF_TOKEN"
                  .formatted(server, location.repository()));
      case "RevisionNotFound" ->
          new HubException(
              Kind.NO_REPOSITORY,
              ("%s has no revision %s of %s (HTTP 404): name a branch, a tag or a commit as listed"
                      + " at %s/commits/main")
                  .formatted(server, location.revision(), location.repository(), page(file)));
      case "EntryNotFound" ->
          new HubException(Kind.NO_FILE, "%s has no %s (HTTP 404)".formatted(server, file));
      default ->
          new HubException(
              Kind.NOT_FOUND,
              "%s has no %s (HTTP 404): check the names, the revision and HF_ENDPOINT"
                  .formatted(server, file));
    };
  }

  private String page(HubPath file) {
    return settings.endpoint() + "/" + file.location().repository();
  }

  /** The pause that the server wishes, if it says so in seconds. */
  private static Optional<Duration> retryAfter(HubExchange answer) {
    return answer
        .header("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }
}
