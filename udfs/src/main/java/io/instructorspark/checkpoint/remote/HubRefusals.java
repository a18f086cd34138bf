package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Puts into words, for whoever named the repository, what an answer or its absence means. */
final class HubRefusals {
  private static final String OFFLINE_REMEDY =
      "HF_HUB_OFFLINE=1 uses what this machine has already";

  private final HubSettings settings;

  HubRefusals(HubSettings settings) {
    this.settings = settings;
  }

  /** The error for a status that is neither success nor a redirect of the right kind. */
  HubException of(HubExchange answer, HubOrigin server, HubLocation location, String path) {
    int status = answer.status();
    String code = answer.header("X-Error-Code").orElse("");
    String what = "%s (file %s)".formatted(location, path);
    return switch (status) {
      case 401 -> new HubException(Kind.REFUSED, unauthorised(what, location, server));
      case 403 -> new HubException(Kind.REFUSED, forbidden(answer, code, what, location, server));
      case 404 -> missing(code, location, path, server);
      case 407 ->
          new HubException(
              Kind.REFUSED,
              "the proxy in front of %s wants a user and a password for %s: set them for the JVM (https.proxyHost, http.proxyUser, or an Authenticator), or reach it without a proxy (http.nonProxyHosts)"
                  .formatted(server, what));
      case 408, 429, 500, 502, 503, 504, 520, 522, 524 ->
          new HubException(
              Kind.UNREACHABLE,
              "%s cannot answer for %s now (HTTP %d); try again later, or %s"
                  .formatted(server, what, status, OFFLINE_REMEDY));
      default ->
          new HubException(
              status >= 500 ? Kind.UNREACHABLE : Kind.BROKEN_ANSWER,
              "%s answered %s for %s, where a file was expected; check HF_ENDPOINT, proxy and firewall"
                  .formatted(server, status < 0 ? "what is no HTTP" : "HTTP " + status, what));
    };
  }

  private String unauthorised(String what, HubLocation location, HubOrigin server) {
    String page = settings.endpoint() + "/" + location.repository();
    if (settings.token().isEmpty()) {
      return ("%s wants to know who asks for %s (HTTP 401), and no token is set: the repository is"
              + " private or gated, or there is none of that name. Check %s; then set HF_TOKEN, or"
              + " run `huggingface-cli login`")
          .formatted(server, what, page);
    }
    HubOrigin home = new HubOrigin(settings.endpoint());
    if (!home.isPrivate()) {
      return ("%s wants to know who asks for %s (HTTP 401). The token was withheld, because"
              + " HF_ENDPOINT is plain http and others could read it: use https")
          .formatted(server, what);
    }
    if (!home.equals(server)) {
      return ("%s wants to know who asks for %s (HTTP 401). The token was withheld, because it is"
              + " for %s alone: if the repository moved, name it by its new name")
          .formatted(server, what, home);
    }
    return ("%s refuses the token for %s (HTTP 401): it is expired, of another hub, or without access to"
            + " this repository, or there is none of that name. Check %s and renew HF_TOKEN, or run"
            + " `huggingface-cli login`")
        .formatted(server, what, page);
  }

  private String forbidden(
      HubExchange answer, String code, String what, HubLocation location, HubOrigin server) {
    String page = settings.endpoint() + "/" + location.repository();
    if (code.equals("GatedRepo")) {
      return settings.token().isPresent()
          ? "%s is gated, and the account of the token has no access: accept the conditions at %s with that account, wait until access is granted, and run again"
              .formatted(what, page)
          : "%s is gated: accept the conditions at %s, then set HF_TOKEN to a token of that account"
              .formatted(what, page);
    }
    if (answer.header("X-Error-Message").orElse("").contains("disabled")) {
      return "%s was disabled by the hub; see %s".formatted(what, page);
    }
    return "%s forbids %s (HTTP 403): the token lacks the right to read it, or a firewall is between; see %s"
        .formatted(server, what, page);
  }

  private HubException missing(String code, HubLocation location, String path, HubOrigin server) {
    return switch (code) {
      case "RepoNotFound" ->
          new HubException(
              Kind.NO_REPOSITORY,
              "%s has no repository %s (HTTP 404): check the spelling; a private one also needs HF_TOKEN"
                  .formatted(server, location.repository()));
      case "RevisionNotFound" ->
          new HubException(
              Kind.NO_REPOSITORY,
              "%s has no revision \"%s\" of %s (HTTP 404): name a branch, a tag or a commit that is listed at %s/%s/commits/main"
                  .formatted(
                      server,
                      location.revision(),
                      location.repository(),
                      settings.endpoint(),
                      location.repository()));
      case "EntryNotFound" ->
          new HubException(
              Kind.NO_FILE, "%s holds no file %s (HTTP 404)".formatted(location, path));
      default ->
          new HubException(
              Kind.NOT_FOUND,
              "%s has no %s in %s (HTTP 404): check the names, the revision and HF_ENDPOINT"
                  .formatted(server, path, location));
    };
  }

  /** The error for an exchange that did not end with an answer. */
  IOException of(IOException failure, HubOrigin server, String what, String variable, Duration t) {
    if (failure instanceof SocketTimeoutException) {
      return new HubException(
          Kind.UNREACHABLE,
          "%s did not go on within %s s while asked for %s; %s allows it more seconds, %s"
              .formatted(server, seconds(t), what, variable, OFFLINE_REMEDY),
          failure);
    }
    if (failure instanceof InterruptedIOException || failure instanceof HubException) {
      return failure;
    }
    if (failure instanceof UnknownHostException) {
      return new HubException(
          Kind.UNREACHABLE,
          "the host of %s is not known here (asked for %s): check the network, the proxy settings of the JVM (https.proxyHost) and HF_ENDPOINT; %s"
              .formatted(server, what, OFFLINE_REMEDY),
          failure);
    }
    String said = failure.getMessage() == null ? "" : failure.getMessage();
    if (said.contains("through proxy") || said.contains("SOCKS")) {
      return new HubException(
          Kind.REFUSED,
          "the proxy does not let through to %s (asked for %s): check the proxy settings of the JVM (https.proxyHost, https.proxyPort, http.nonProxyHosts)"
              .formatted(server, what),
          shown(failure));
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return new HubException(
          Kind.UNREACHABLE,
          "cannot connect to %s, asked for %s: check the network, the proxy settings of the JVM (https.proxyHost) and HF_ENDPOINT; %s"
              .formatted(server, what, OFFLINE_REMEDY),
          failure);
    }
    if (failure instanceof SSLException) {
      return new HubException(
          Kind.REFUSED,
          "no trusted connection to %s, asked for %s: if a proxy or mirror of your own signs it, add its certificate to the JVM's (javax.net.ssl.trustStore)"
              .formatted(server, what),
          shown(failure));
    }
    return new HubException(
        Kind.UNREACHABLE,
        "the connection to %s broke (%s) when asked for %s; try again, or %s"
            .formatted(server, failure.getClass().getSimpleName(), what, OFFLINE_REMEDY),
        shown(failure));
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() / 1000.0);
  }

  /** The failure itself, unless some message in it could quote a signed address. */
  private static Throwable shown(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (++depth > 20 || message != null && (message.contains("://") || message.contains("?"))) {
        return null;
      }
    }
    return failure;
  }
}
