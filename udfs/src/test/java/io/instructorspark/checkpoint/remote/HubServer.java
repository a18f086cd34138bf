package io.instructorspark.checkpoint.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A hub on this machine's loopback: folders as repositories, weights sent by a second server under
 * another host name, as the real hub has them on a CDN, and faults to be switched on.
 */
final class HubServer implements AutoCloseable {
  /** What only the CDN's addresses hold; no log or error may show it. */
  static final String SIGNATURE = "Signature=not-for-the-log";

  /** A request as it came. */
  record Request(String server, String method, String path, String range, String authorization) {}

  /** A file of a repository, as {@link HubServer} sends it. */
  record Content(String commit, String etag, boolean large, byte[] bytes) {}

  private final HttpServer home;
  private final HttpServer cdn;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<HubFault> faults = new CopyOnWriteArrayList<>();

  /** Commits by {@code org/name@revision}, names of repositories that moved, files by commit. */
  private final Map<String, String> revisions = new ConcurrentHashMap<>();

  private final Map<String, String> moved = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Content>> commits = new ConcurrentHashMap<>();

  private volatile HubTimes times = HubFault.PATIENT;

  HubServer() {
    home = start("127.0.0.1", "home");
    cdn = start("localhost", "cdn");
  }

  private HttpServer start(String host, String name) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 0);
      HttpServer server = HttpServer.create(address, 50);
      server.setExecutor(threads);
      server.createContext("/", exchange -> serve(exchange, name));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + home.getAddress().getPort();
  }

  String cdn() {
    return "http://localhost:" + cdn.getAddress().getPort();
  }

  /** Lets the settings that are made from now on wait for a moment only. */
  void hurry() {
    times = HubFault.HURRIED;
  }

  /** Settings with this server, a cache below {@code folder}, and what is given. */
  HubSettings settings(Path folder, String... variables) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_ENDPOINT", endpoint());
    environment.put("HF_HOME", folder.toString());
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HubSettings.of(environment, folder).with(times);
  }

  /** Serves a folder's files as a repository's revision, and by the commit that it returns. */
  String publish(String repository, String revision, Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return publish(repository, revision, files);
  }

  String publish(String repository, String revision, Map<String, byte[]> files) {
    StringBuilder listing = new StringBuilder(repository);
    files.forEach((path, bytes) -> listing.append(path).append(HubFault.sha256(bytes)));
    String commit = HubFault.gitBlob(listing.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, Content> contents = new TreeMap<>();
    files.forEach(
        (path, bytes) -> {
          boolean large = path.endsWith(".safetensors") || path.endsWith(".bin");
          String etag = large ? HubFault.sha256(bytes) : HubFault.gitBlob(bytes);
          contents.put(path, new Content(commit, etag, large, bytes));
        });
    commits.put(commit, contents);
    revisions.put(repository + "@" + revision, commit);
    revisions.put(repository + "@" + commit, commit);
    return commit;
  }

  /** Redirects a repository's old name to its new one. */
  void move(String oldName, String newName) {
    moved.put(oldName, newName);
  }

  /** Lets a fault answer in the place of this server whatever it wants to. */
  void plant(HubFault fault) {
    faults.add(fault);
  }

  void heal() {
    faults.clear();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The requests of a method for paths that end in {@code suffix}. */
  List<Request> requests(String method, String suffix) {
    return requests.stream()
        .filter(request -> request.method().equals(method) && request.path().endsWith(suffix))
        .toList();
  }

  /** Keeps a handler silent until the server ends. */
  void stall() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(HttpExchange exchange, String server) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      Request request =
          new Request(
              server,
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              headers.getFirst("Range"),
              headers.getFirst("Authorization"));
      requests.add(request);
      Optional<Content> content = content(request);
      for (HubFault fault : faults) {
        if (fault.answer(this, exchange, request, content)) {
          return;
        }
      }
      answer(exchange, request, content);
    }
  }

  private Optional<Content> content(Request request) {
    String[] parts = request.path().substring(1).split("/", 5);
    if (request.server().equals("cdn")) {
      return Optional.ofNullable(commits.get(parts[0]))
          .map(files -> files.get(decoded(request.path().substring(parts[0].length() + 2))));
    }
    if (parts.length < 5 || !parts[2].equals("resolve")) {
      return Optional.empty();
    }
    return Optional.ofNullable(revisions.get(parts[0] + "/" + parts[1] + "@" + decoded(parts[3])))
        .map(commit -> commits.get(commit).get(decoded(parts[4])));
  }

  /** The right answer. */
  void answer(HttpExchange exchange, Request request, Optional<Content> content)
      throws IOException {
    if (request.server().equals("cdn")) {
      if (content.isEmpty() || !SIGNATURE.equals(exchange.getRequestURI().getRawQuery())) {
        HubFault.send(exchange, 403, Map.of(), new byte[0]);
      } else {
        sendBytes(exchange, request, Map.of("ETag", "\"of-the-cdn\""), content.get());
      }
    } else if (request.path().startsWith("/api/models/")) {
      HubFault.send(exchange, 200, Map.of("Content-Type", "application/json"), api(request));
    } else if (content.isPresent()) {
      sendFile(exchange, request, content.get());
    } else {
      sendNothing(exchange, request);
    }
  }

  private void sendFile(HttpExchange exchange, Request request, Content content)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("X-Repo-Commit", content.commit());
    if (content.large()) {
      String path = request.path().substring(1).split("/", 5)[4];
      headers.put("ETag", "W/\"of-the-redirect\"");
      headers.put("X-Linked-Etag", "\"" + content.etag() + "\"");
      headers.put("X-Linked-Size", Integer.toString(content.bytes().length));
      headers.put("Location", "%s/%s/%s?%s".formatted(cdn(), content.commit(), path, SIGNATURE));
      HubFault.send(exchange, 302, headers, new byte[0]);
    } else {
      headers.put("ETag", "\"" + content.etag() + "\"");
      sendBytes(exchange, request, headers, content);
    }
  }

  private static void sendBytes(
      HttpExchange exchange, Request request, Map<String, String> headers, Content content)
      throws IOException {
    byte[] bytes = content.bytes();
    if (request.range() == null) {
      HubFault.send(exchange, 200, headers, bytes);
      return;
    }
    int from = Integer.parseInt(request.range().replaceAll("bytes=(\\d+)-", "$1"));
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    HubFault.send(exchange, 206, all, Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private void sendNothing(HttpExchange exchange, Request request) throws IOException {
    String[] parts = request.path().substring(1).split("/", 5);
    String repository = parts.length < 2 ? "" : parts[0] + "/" + parts[1];
    if (moved.containsKey(repository)) {
      String target = request.path().replace(repository, moved.get(repository));
      HubFault.send(exchange, 307, Map.of("Location", target), new byte[0]);
      return;
    }
    Map<String, String> headers = new HashMap<>();
    boolean known = revisions.keySet().stream().anyMatch(key -> key.startsWith(repository + "@"));
    String commit = parts.length < 5 ? null : revisions.get(repository + "@" + decoded(parts[3]));
    if (commit != null) {
      headers.put("X-Repo-Commit", commit);
    }
    headers.put(
        "X-Error-Code",
        commit != null ? "EntryNotFound" : known ? "RevisionNotFound" : "RepoNotFound");
    HubFault.send(exchange, 404, headers, new byte[0]);
  }

  /** What the hub's Python client asks besides: the commit of a revision, and a commit's files. */
  private byte[] api(Request request) {
    String[] parts = request.path().substring("/api/models/".length()).split("/", 4);
    String repository = parts[0] + "/" + parts[1];
    String revision = parts.length < 4 ? "main" : decoded(parts[3]);
    String commit = revisions.get(repository + "@" + revision);
    List<String> entries = new ArrayList<>();
    commits
        .get(commit)
        .forEach(
            (path, content) -> {
              int size = content.bytes().length;
              String lfs =
                  ", \"lfs\": {\"oid\": \"%s\", \"size\": %d, \"pointerSize\": 134}"
                      .formatted(content.etag(), size);
              entries.add(
                  "{\"type\": \"file\", \"path\": \"%s\", \"size\": %d, \"oid\": \"%s\"%s}"
                      .formatted(
                          path,
                          size,
                          HubFault.gitBlob(content.bytes()),
                          content.large() ? lfs : ""));
            });
    String siblings =
        commits.get(commit).keySet().stream()
            .map("{\"rfilename\": \"%s\"}"::formatted)
            .collect(Collectors.joining(", "));
    String json =
        parts.length > 2 && parts[2].equals("tree")
            ? "[" + String.join(", ", entries) + "]"
            : "{\"id\": \"%s\", \"sha\": \"%s\", \"siblings\": [%s]}"
                .formatted(repository, commit, siblings);
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closing.countDown();
    home.stop(0);
    cdn.stop(0);
    threads.shutdownNow();
  }
}
