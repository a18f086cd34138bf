package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.net.URI;
import java.util.Optional;

/** The head of an answer, checked: what it says becomes paths, sizes and further requests. */
record HubAnswer(HubExchange exchange, HubPath file) {
  int status() {
    return exchange.status();
  }

  boolean isRedirect() {
    int status = status();
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  boolean saysNoSuchFile() {
    return status() == 404 && exchange.header("X-Error-Code").equals(Optional.of("EntryNotFound"));
  }

  /** Whether a redirect describes what it leads to, so that nobody else need be asked. */
  boolean describesLink() {
    return exchange.header("X-Repo-Commit").isPresent()
        && exchange.header("X-Linked-Etag").isPresent()
        && exchange.header("X-Linked-Size").isPresent();
  }

  /** Where a redirect leads. */
  URI target() throws HubException {
    return target(exchange.server());
  }

  URI target(HubOrigin from) throws HubException {
    String header = exchange.header("Location").orElseThrow(() -> broken("a redirect to nowhere"));
    URI target;
    try {
      target = exchange.uri().resolve(header);
    } catch (IllegalArgumentException e) {
      // The parser's message quotes the address, which may be signed.
      throw broken("a redirect to what is no address");
    }
    if (!HubOrigin.isPlain(target)) {
      throw broken("a redirect to what is no plain http or https address");
    }
    if (from.isEncrypted() && !new HubOrigin(target).isEncrypted()) {
      throw broken(
          "a redirect from https to http (%s), which others can read and change"
              .formatted(new HubOrigin(target)));
    }
    return target;
  }

  Optional<String> commit() throws HubException {
    Optional<String> commit = exchange.header("X-Repo-Commit");
    if (commit.isPresent() && !HubLocation.isCommit(commit.get())) {
      throw broken("a commit (X-Repo-Commit) that is not 40 hexadecimal digits");
    }
    HubLocation asked = file.location();
    if (commit.isPresent() && asked.isPinned() && !commit.get().equals(asked.revision())) {
      throw broken("another commit, " + commit.get());
    }
    return commit;
  }

  HubFile describedFile() throws HubException {
    String etag =
        exchange
            .header("X-Linked-Etag")
            .or(() -> exchange.header("ETag"))
            .map(HubFile::normalised)
            .orElseThrow(() -> broken("no etag"));
    if (!HubFile.isEtag(etag)) {
      throw broken("an etag that cannot name a file");
    }
    String size =
        exchange
            .header("X-Linked-Size")
            .or(() -> exchange.header("Content-Length").filter(any -> status() == 200))
            .orElseThrow(() -> broken("no length"));
    if (!size.matches("\\d{1,18}") || Long.parseLong(size) > HubFile.LARGEST) {
      throw broken("a length that is no number from 0 to " + HubFile.LARGEST);
    }
    return new HubFile(etag, Long.parseLong(size));
  }

  HubException broken(String what) {
    return new HubException(
        Kind.BROKEN_ANSWER,
        ("%s gave %s when asked for %s: it is no Hugging Face hub, or something between changes"
                + " its answers; check HF_ENDPOINT, proxy and firewall")
            .formatted(exchange.server(), what, file));
  }
}
