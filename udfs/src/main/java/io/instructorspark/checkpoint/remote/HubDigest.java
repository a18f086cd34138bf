package io.instructorspark.checkpoint.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Holds a content against its etag, as far as the etag is a digest. */
final class HubDigest {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern GIT_BLOB = Pattern.compile("[0-9a-f]{40}");

  private final String etag;
  private final Optional<MessageDigest> digest;

  HubDigest(HubFile file) {
    this.etag = file.etag();
    if (isSha256(etag)) {
      digest = Optional.of(digest("SHA-256"));
    } else if (GIT_BLOB.matcher(etag).matches()) {
      digest = Optional.of(digest("SHA-1"));
      digest.get().update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
    } else {
      digest = Optional.empty();
    }
  }

  static boolean isSha256(String etag) {
    return SHA256.matcher(etag).matches();
  }

  /** Whether a content that does not contradict the etag is the one it names. */
  boolean isProof() {
    return digest.isPresent();
  }

  void update(byte[] bytes, int length) {
    digest.ifPresent(sum -> sum.update(bytes, 0, length));
  }

  /**
   * The digest of all bytes given, if it is not the one that the etag states; ends this object's
   * use.
   */
  Optional<String> contradiction() {
    return digest
        .map(sum -> HexFormat.of().formatHex(sum.digest()))
        .filter(found -> !found.equals(etag));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
