package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One request and its answer. Redirects are not followed. What may block does so on a thread of the
 * exchange's own, because a thread in a socket's read does not notice an interrupt, and Spark ends
 * tasks by one; the thread ends with the exchange, at the latest when the read times out.
 */
final class HubExchange implements AutoCloseable {
  private static final int PIECE = 256 * 1024;

  private final URI uri;
  private final HttpURLConnection connection;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread worker = new Thread(task, "hub-exchange");
            worker.setDaemon(true);
            return worker;
          });
  private int status;
  private InputStream body;
  private boolean ended;

  private HubExchange(URI uri, HttpURLConnection connection) {
    this.uri = uri;
    this.connection = connection;
  }

  /**
   * Sends a request and waits for the head of the answer.
   *
   * @throws InterruptedIOException if this thread is interrupted; a {@link
   *     java.net.SocketTimeoutException} is one too, and means that the time is over
   */
  static HubExchange send(String method, URI uri, Map<String, String> headers, Duration patience)
      throws IOException {
    URLConnection connection = uri.toURL().openConnection();
    if (!(connection instanceof HttpURLConnection http)) {
      throw new IOException(
          ("in this JVM %s: is answered by %s, which does not speak HTTP: something has called"
                  + " URL.setURLStreamHandlerFactory")
              .formatted(uri.getScheme(), connection.getClass().getName()));
    }
    http.setRequestMethod(method);
    http.setInstanceFollowRedirects(false);
    http.setUseCaches(false);
    http.setAllowUserInteraction(false);
    http.setConnectTimeout(Math.toIntExact(patience.toMillis()));
    http.setReadTimeout(Math.toIntExact(patience.toMillis()));
    headers.forEach(http::setRequestProperty);
    HubExchange exchange = new HubExchange(uri, http);
    try {
      exchange.status = exchange.promptly(http::getResponseCode);
      return exchange;
    } catch (IOException | RuntimeException e) {
      exchange.close();
      throw e;
    }
  }

  URI uri() {
    return uri;
  }

  HubOrigin server() {
    return new HubOrigin(uri);
  }

  /** The status of the answer; -1 if it is no HTTP. */
  int status() {
    return status;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(connection.getHeaderField(name)).map(String::strip);
  }

  /** The next bytes of the body, as many as have come; none at its end. */
  byte[] read() throws IOException {
    byte[] piece = promptly(this::piece);
    ended = piece.length == 0;
    return piece;
  }

  private byte[] piece() throws IOException {
    if (body == null) {
      body = connection.getInputStream();
    }
    byte[] piece = new byte[PIECE];
    int length = body.read(piece);
    return length == piece.length ? piece : Arrays.copyOf(piece, Math.max(length, 0));
  }

  private <T> T promptly(Callable<T> call) throws IOException {
    Future<T> result = thread.submit(call);
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the server");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("the exchange with the server failed", e.getCause());
    }
  }

  /** Gives the connection up, unless its answer was read to the end: then it may serve again. */
  @Override
  public void close() {
    if (!ended) {
      thread.execute(connection::disconnect);
    }
    thread.shutdown();
  }
}
