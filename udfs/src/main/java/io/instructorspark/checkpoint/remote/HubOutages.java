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

/**
 * Puts into words why an exchange had no answer, or none to the end.
 *
 * @param patience how long it was waited for
 * @param variable the environment variable that allows more
 */
record HubOutages(Duration patience, String variable) {
  static final String OFFLINE_REMEDY = "HF_HUB_OFFLINE=1 uses what this machine has already";
  private static final String NETWORK_REMEDY =
      "check the network, the JVM's proxy settings (https.proxyHost) and HF_ENDPOINT; "
          + OFFLINE_REMEDY;
  private static final int DEEPEST_CAUSE = 20;

  /** What to throw for a failure: an interrupt as it is, anything else explained. */
  IOException of(IOException failure, HubOrigin server, HubPath file) {
    if (failure instanceof SocketTimeoutException) {
      return unreachable(
          "%s was silent for %s s, asked for %s: %s allows it more seconds; %s"
              .formatted(server, seconds(), file, variable, OFFLINE_REMEDY),
          failure);
    }
    if (failure instanceof InterruptedIOException || failure instanceof HubException) {
      return failure;
    }
    if (failure instanceof UnknownHostException) {
      return unreachable(
          "the host of %s, or of the proxy before it, is not known here, asked for %s: %s"
              .formatted(server, file, NETWORK_REMEDY),
          failure);
    }
    String said = failure.getMessage() == null ? "" : failure.getMessage();
    if (said.contains("through proxy") || said.contains("SOCKS")) {
      return new HubException(
          Kind.REFUSED,
          ("the proxy does not let through to %s, asked for %s: check the JVM's proxy settings"
                  + " (https.proxyHost, https.proxyPort, http.nonProxyHosts)")
              .formatted(server, file),
          shown(failure));
    }
    if (failure instanceof SSLException) {
      return new HubException(
          Kind.REFUSED,
          ("no trusted connection to %s, asked for %s: if a proxy or mirror of your own has signed"
                  + " it, add its certificate to the JVM's (javax.net.ssl.trustStore)")
              .formatted(server, file),
          shown(failure));
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return unreachable(
          "cannot connect to %s, asked for %s: %s".formatted(server, file, NETWORK_REMEDY),
          failure);
    }
    return unreachable(
        "the connection to %s broke (%s), asked for %s: try again; %s"
            .formatted(server, failure.getClass().getSimpleName(), file, OFFLINE_REMEDY),
        failure);
  }

  private static HubException unreachable(String message, IOException failure) {
    return new HubException(Kind.UNREACHABLE, message, shown(failure));
  }

  private String seconds() {
    long millis = patience.toMillis();
    return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
  }

  /** The failure itself, unless some message in it could quote a signed address. */
  private static Throwable shown(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? "" : cause.getMessage();
      if (++depth > DEEPEST_CAUSE || message.contains("://") || message.contains("?")) {
        return null;
      }
    }
    return failure;
  }
}
