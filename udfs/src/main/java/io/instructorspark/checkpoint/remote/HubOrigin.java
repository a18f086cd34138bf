package io.instructorspark.checkpoint.remote;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** Who is spoken to: credentials given for one origin are not shown to another. */
record HubOrigin(String scheme, String host, int port) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  HubOrigin(URI uri) {
    this(
        uri.getScheme().toLowerCase(Locale.ROOT),
        uri.getHost().toLowerCase(Locale.ROOT),
        uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80);
  }

  /** Whether an address names a server of the web and nothing else beside a path and query. */
  static boolean isPlain(URI uri) {
    return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null;
  }

  boolean isEncrypted() {
    return scheme.equals("https");
  }

  /** Whether nobody but this machine can listen. */
  boolean isPrivate() {
    return isEncrypted() || LOOPBACK.matcher(host).matches();
  }

  /** As shown to people: nothing of an address but this. */
  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port;
  }
}
