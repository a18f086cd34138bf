package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubRefusalsTest {
  private static final String FILE = "model.safetensors";
  private static final byte[] WEIGHTS = "weights".repeat(1000).getBytes(StandardCharsets.UTF_8);
  private static final String[] TOKEN = {"HF_TOKEN", "hf_hidden"};

  @TempDir Path temp;
  private HubServer server;

  @BeforeEach
  void publish() {
    server = new HubServer();
    server.publish("org/name", "main", Map.of("modules.json", "[]".getBytes(), FILE, WEIGHTS));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HubRepository open(String location, String... variables) throws IOException {
    return HubRepository.open(
        HubLocation.parse(location), server.settings(temp, variables), TransferWatch.SILENT);
  }

  /** What a person sees of a failure, with all of its causes. */
  private String refusal(String location, String... variables) {
    Throwable failure = catchThrowable(() -> open(location, variables).fetch(FILE));
    assertThat(failure).isInstanceOf(HubException.class);
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("hf_hidden", HubServer.SIGNATURE);
    assertThat(temp.resolve("hub/models--org--name/blobs/" + HubFault.sha256(WEIGHTS)))
        .doesNotExist();
    return failure.getMessage();
  }

  @Nested
  class Words {
    @Test
    void askForATokenWhereNoneIsSet() {
      server.plant(HubFault.status(401));

      assertThat(refusal("hf://org/name"))
          .contains("HTTP 401", "no token is set", "HF_TOKEN", "huggingface-cli login")
          .contains(server.endpoint() + "/org/name");
    }

    @Test
    void sayThatTheTokenIsRefused() {
      server.plant(HubFault.status(401));

      assertThat(refusal("hf://org/name", TOKEN))
          .contains("refuses the token", "HTTP 401", "renew HF_TOKEN");
    }

    @Test
    void leadToTheConditionsOfAGatedRepository() {
      server.plant(HubFault.status(403, "X-Error-Code", "GatedRepo"));

      assertThat(refusal("hf://org/name", TOKEN))
          .contains("is gated", "accept the conditions at " + server.endpoint() + "/org/name")
          .contains("with the account of the token");
      assertThat(refusal("hf://org/name")).contains("is gated", "token you give as HF_TOKEN");
    }

    @Test
    void tellOtherRefusalsApart() {
      server.plant(HubFault.status(403).on("HEAD", FILE));

      assertThat(refusal("hf://org/name")).contains("forbids model.safetensors", "HTTP 403");
    }

    @Test
    void tellRepositoryRevisionAndFileApart() {
      assertThat(refusal("hf://org/other")).contains("has no repository org/other", "HTTP 404");
      assertThat(refusal("hf://org/name@v9")).contains("has no revision v9 of org/name");
      assertThatThrownBy(() -> open("hf://org/name").fetch("absent.json"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("holds no file absent.json");
    }

    @Test
    void sayThatNobodyListens() {
      assertThat(refusal("hf://org/name", "HF_ENDPOINT", "http://127.0.0.1:1"))
          .contains("cannot connect to http://127.0.0.1:1", "modules.json of hf://org/name@main")
          .contains("HF_ENDPOINT", "HF_HUB_OFFLINE=1");
    }

    @Test
    void sayThatTheHostIsNotKnown() {
      assertThat(refusal("hf://org/name", "HF_ENDPOINT", "https://no-such-host.invalid"))
          .contains("no-such-host.invalid", "is not known here", "proxy");
    }

    @Test
    void sayThatACertificateIsNotTrusted() throws Exception {
      HttpsServer stranger = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 5);
      stranger.setHttpsConfigurator(new HttpsConfigurator(certified(temp.resolve("keys"))));
      stranger.start();
      try {
        String endpoint = "https://127.0.0.1:" + stranger.getAddress().getPort();

        assertThat(refusal("hf://org/name", "HF_ENDPOINT", endpoint))
            .contains("no trusted connection to " + endpoint, "javax.net.ssl.trustStore");
      } finally {
        stranger.stop(0);
      }
    }

    @Test
    void sayThatTheProxyLetsNobodyThrough() throws IOException {
      try (RawServer proxy = new RawServer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n")) {
        System.setProperty("https.proxyHost", "127.0.0.1");
        System.setProperty("https.proxyPort", Integer.toString(proxy.port()));

        assertThat(refusal("hf://org/name", "HF_ENDPOINT", "https://hub.invalid"))
            .contains("the proxy does not let through to https://hub.invalid", "https.proxyHost");
      } finally {
        System.clearProperty("https.proxyHost");
        System.clearProperty("https.proxyPort");
      }
    }

    @Test
    void sayThatItIsNoHub() {
      server.plant(HubFault.body("welcome".getBytes(StandardCharsets.UTF_8)));

      assertThat(refusal("hf://org/name")).contains("no commit (X-Repo-Commit)", "HF_ENDPOINT");
    }
  }

  @Nested
  class Tokens {
    @Test
    void areShownToTheHubAlone() throws IOException {
      assertThat(open("hf://org/name", TOKEN).fetch(FILE)).hasBinaryContent(WEIGHTS);

      assertThat(server.requests())
          .filteredOn(request -> request.server().equals("home"))
          .hasSizeGreaterThan(2)
          .allMatch(request -> "Bearer hf_hidden".equals(request.authorization()));
      assertThat(server.requests())
          .filteredOn(request -> request.server().equals("cdn"))
          .hasSize(1)
          .allMatch(request -> request.authorization() == null);
    }

    @Test
    void areNotSentUnencrypted() {
      assertThat(new HubOrigin(URI.create("http://hub.example")).isPrivate()).isFalse();
      assertThat(new HubOrigin(URI.create("http://127.0.0.1.example")).isPrivate()).isFalse();
      assertThat(new HubOrigin(URI.create("http://localhost:80")).isPrivate()).isTrue();
      assertThat(new HubOrigin(URI.create("https://hub.example")).isPrivate()).isTrue();
    }
  }

  @Nested
  class Redirects {
    @Test
    void doNotGoOnForEver() {
      server.plant(HubFault.status(302, "Location", "/org/name/resolve/main/modules.json"));

      assertThat(refusal("hf://org/name")).contains("redirects more than 5 times");
      assertThat(server.requests()).hasSize(6);
    }

    @Test
    void ofADownloadDoNotGoOnForEver() {
      server.plant(HubFault.status(302, "Location", "/loop?" + HubServer.SIGNATURE).onCdn());

      assertThat(refusal("hf://org/name")).contains("redirects more than 5 times");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ftp://127.0.0.1/x",
          "file:///etc/passwd",
          "http://me:hidden@127.0.0.1/x",
          "http:///x",
          "http://127.0.0.1/ %zz",
          "jar:http://127.0.0.1/x!/y"
        })
    void leadToTheWebAlone(String target) {
      server.plant(HubFault.status(302, "Location", target).onCdn());

      assertThat(refusal("hf://org/name")).contains("gave a redirect to what is no");
    }

    @Test
    void doNotGiveUpEncryption() throws IOException {
      Map<String, String> answer = Map.of("Location", "http://127.0.0.1/x?" + HubServer.SIGNATURE);
      HubPath file = new HubPath(HubLocation.parse("hf://org/name"), FILE);
      try (RawServer raw = new RawServer("HTTP/1.1 302 Found\r\n" + head(answer));
          HubExchange exchange =
              HubExchange.send("GET", raw.uri(), Map.of(), HubFault.PATIENT.transfer())) {
        HubAnswer seen = new HubAnswer(exchange, file);

        assertThat(seen.target(new HubOrigin(raw.uri()))).hasHost("127.0.0.1");
        assertThatThrownBy(() -> seen.target(new HubOrigin("https", "hub.example", 443)))
            .isInstanceOf(HubException.class)
            .hasMessageContaining("a redirect from https to http")
            .hasMessageNotContaining(HubServer.SIGNATURE);
      }
    }
  }

  @Nested
  class Headers {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "../../x",
          "main",
          "0123456789abcdef0123456789abcdef0123456",
          "0123456789ABCDEF0123456789ABCDEF01234567",
          "0123456789abcdef0123456789abcdef01234567/../x"
        })
    void doNotNameAnotherFolder(String commit) throws IOException {
      server.plant(HubFault.headers("X-Repo-Commit", commit).on("HEAD", "modules.json"));

      assertThat(refusal("hf://org/name")).contains("is not 40 hexadecimal digits");
      assertThat(temp).isEmptyDirectory();
    }

    @Test
    void doNotChangeTheCommit() throws IOException {
      HubRepository repository = open("hf://org/name");
      server.plant(HubFault.headers("X-Repo-Commit", "0".repeat(40)));

      assertThatThrownBy(() -> repository.fetch(FILE))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("gave another commit");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"../../../x\"",
          "a/b",
          "..",
          "\"\"",
          "a b",
          ".",
          "a..b",
          "\"",
          "W/",
          ".hidden",
          "a\\b"
        })
    void doNotNameAnotherFile(String etag) throws IOException {
      server.plant(HubFault.headers("ETag", etag, "X-Linked-Etag", etag).on("HEAD", FILE));

      assertThat(refusal("hf://org/name")).contains("an etag that cannot name a file");
    }

    @ParameterizedTest
    @CsvSource({
      "-1",
      "1e3",
      "99999999999999999999999",
      "107374182401",
      "0x10",
      "' '",
      "'1, 2'",
      "NaN"
    })
    void doNotLieAboutLengths(String length) {
      server.plant(HubFault.headers("X-Linked-Size", length).on("HEAD", FILE));

      assertThat(refusal("hf://org/name")).contains("a length that is no number from 0 to");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "HTTP/1.1 200 OK\r\nX-Repo-Commit: 0123456789abcdef0123\r\n 456789abcdef01234567\r\n",
          "HTTP/1.1 200 OK\r\nX-Repo-Commit: ../\r\n\tx\r\nETag: \"a\"\r\nContent-Length: 1\r\n",
          "HTTP/1.1 200 OK\r\nX-Repo-Commit: a\0b\r\n",
          "HTTP/1.1 999 ?\r\n",
          "HTTP/1.1 xyz\r\n",
          "SSH-2.0-hello\r\n",
          "\r\n\r\n"
        })
    void mayBeGarbage(String head) throws IOException {
      try (RawServer raw = new RawServer(head)) {
        String said = refusal("hf://org/name", "HF_ENDPOINT", "http://127.0.0.1:" + raw.port());

        assertThat(said).contains("127.0.0.1:" + raw.port(), "modules.json of hf://org/name@main");
      }
      assertThat(temp).isEmptyDirectory();
    }
  }

  /** A context with a certificate that nobody has signed but itself. */
  private static SSLContext certified(Path keys) throws Exception {
    String password = "changeit";
    new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "san=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            keys.toString(),
            "-storepass",
            password)
        .inheritIO()
        .start()
        .waitFor();
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(
        KeyStore.getInstance(keys.toFile(), password.toCharArray()), password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static String head(Map<String, String> headers) {
    StringBuilder head = new StringBuilder();
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head.toString();
  }

  /** Answers every connection with the same bytes, right or not. */
  private static final class RawServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));

    RawServer(String head) throws IOException {
      Thread thread = new Thread(() -> serve(head + "Connection: close\r\n\r\n"), "raw-server");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + port() + "/x");
    }

    private void serve(String answer) {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          client.getInputStream().read(new byte[8192]);
          client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
          client.getOutputStream().flush();
        } catch (IOException e) {
          if (!socket.isClosed()) {
            System.err.println("raw server: " + e);
          }
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void nothingOfAnAttackIsLeft() throws IOException {
    server.plant(HubFault.headers("ETag", "../../../../escaped").on("HEAD", FILE));

    refusal("hf://org/name");

    try (var left = Files.walk(temp)) {
      assertThat(left.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactly("main");
    }
  }
}
