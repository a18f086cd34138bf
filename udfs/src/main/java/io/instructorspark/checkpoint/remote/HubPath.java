package io.instructorspark.checkpoint.remote;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A file of a repository at a revision: what requests and errors are about. */
record HubPath(HubLocation location, String path) {
  /** Where the hub answers questions about it and sends it. */
  URI address(URI endpoint) {
    return URI.create(
        "%s/%s/resolve/%s/%s"
            .formatted(
                endpoint,
                location.repository(),
                encoded(location.revision(), ""),
                encoded(path, "/")));
  }

  @Override
  public String toString() {
    return path + " of " + location;
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
}
