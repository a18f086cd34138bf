package io.instructorspark.checkpoint.remote;

import java.util.regex.Pattern;

/**
 * What the hub says about a file before it sends it.
 *
 * @param etag names the content: a sha256 for large files, git's name of the blob for others
 * @param size bytes
 */
record HubFile(String etag, long size) {
  static final long LARGEST = 100L << 30;

  /** The etag becomes a file's name. */
  private static final Pattern ETAG = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,128}");

  static boolean isEtag(String etag) {
    return ETAG.matcher(etag).matches() && !etag.contains("..");
  }

  /** The etag as a name, without quotes and the mark of a weak one. */
  static String normalised(String header) {
    String etag = header.startsWith("W/") ? header.substring(2) : header;
    return etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")
        ? etag.substring(1, etag.length() - 1)
        : etag;
  }
}
