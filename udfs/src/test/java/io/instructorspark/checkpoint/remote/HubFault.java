package io.instructorspark.checkpoint.remote;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Something that goes wrong in a {@link HubServer}. */
@FunctionalInterface
interface HubFault {
  /** Patient enough for a busy machine, with pauses that cost a test nothing. */
  HubTimes PATIENT =
      new HubTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMillis(10),
          Duration.ofMillis(50));

  /** For tests of servers that say nothing. */
  HubTimes HURRIED =
      PATIENT.withAnswer(Duration.ofMillis(400)).withTransfer(Duration.ofMillis(400));

  /** Whether it has answered, so that the server does not. */
  boolean answer(
      HubServer server,
      HttpExchange exchange,
      HubServer.Request request,
      Optional<HubServer.Content> content)
      throws IOException;

  /** This fault for one method and one end of the path alone. */
  default HubFault on(String method, String suffix) {
    return (server, exchange, request, content) ->
        request.method().equals(method)
            && request.path().endsWith(suffix)
            && answer(server, exchange, request, content);
  }

  /** This fault for the first few requests that reach it: to be narrowed by the other methods. */
  default HubFault times(int most) {
    AtomicInteger left = new AtomicInteger(most);
    return (server, exchange, request, content) ->
        left.getAndDecrement() > 0 && answer(server, exchange, request, content);
  }

  /** This fault where the bytes of weights come from. */
  default HubFault onCdn() {
    return (server, exchange, request, content) ->
        request.server().equals("cdn") && answer(server, exchange, request, content);
  }

  static HubFault status(int status, String... headers) {
    return (server, exchange, request, content) -> {
      send(exchange, status, map(headers), new byte[0]);
      return true;
    };
  }

  /** The right body, of which the head says other things. */
  static HubFault headers(String... headers) {
    return (server, exchange, request, content) -> {
      Map<String, String> all = new HashMap<>();
      content.ifPresent(
          file -> {
            all.put("X-Repo-Commit", file.commit());
            all.put("ETag", "\"" + file.etag() + "\"");
          });
      all.putAll(map(headers));
      send(exchange, 200, all, content.map(HubServer.Content::bytes).orElse(new byte[0]));
      return true;
    };
  }

  /** Another body than the one that the hub described. */
  static HubFault body(byte[] body) {
    return (server, exchange, request, content) -> {
      send(exchange, 200, Map.of(), body);
      return true;
    };
  }

  /** Another body, without saying how long it is. */
  static HubFault chunked(byte[] body) {
    return (server, exchange, request, content) -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(body);
      return true;
    };
  }

  /** The connection breaks after so many bytes. */
  static HubFault cut(int bytes) {
    return part(bytes, (server, exchange) -> {});
  }

  /** Nothing more comes after so many bytes. */
  static HubFault stall(int bytes) {
    return part(bytes, (server, exchange) -> server.stall());
  }

  /** No answer at all. */
  static HubFault silence() {
    return (server, exchange, request, content) -> {
      server.stall();
      return true;
    };
  }

  private static HubFault part(int length, PartSent then) {
    return (server, exchange, request, content) -> {
      byte[] all = content.orElseThrow().bytes();
      int from =
          request.range() == null
              ? 0
              : Integer.parseInt(request.range().replaceAll("bytes=(\\d+)-", "$1"));
      if (from > 0) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes %d-%d/%d".formatted(from, all.length - 1, all.length));
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from);
      exchange
          .getResponseBody()
          .write(Arrays.copyOfRange(all, from, Math.min(all.length, from + length)));
      exchange.getResponseBody().flush();
      then.then(server, exchange);
      return true;
    };
  }

  /** What happens once a part of a body is sent. */
  @FunctionalInterface
  interface PartSent {
    void then(HubServer server, HttpExchange exchange);
  }

  static void send(HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange
          .getResponseHeaders()
          .putIfAbsent("Content-Length", List.of(Integer.toString(body.length)));
    }
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static Map<String, String> map(String... pairs) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  static String sha256(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  /** Git's name of a content. */
  static String gitBlob(byte[] bytes) {
    byte[] head = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    return digest("SHA-1", all);
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
