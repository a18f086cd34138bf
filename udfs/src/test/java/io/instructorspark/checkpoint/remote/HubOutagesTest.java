package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HubOutagesTest {
  private static final HubOutages OUTAGES =
      new HubOutages(Duration.ofSeconds(10), "HF_HUB_DOWNLOAD_TIMEOUT");
  private static final HubOrigin SERVER = new HubOrigin("https", "cdn.example", 443);
  private static final HubPath FILE =
      new HubPath(HubLocation.parse("hf://org/name"), "modules.json");

  private static String shown(IOException failure) {
    StringWriter trace = new StringWriter();
    OUTAGES.of(failure, SERVER, FILE).printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  @Test
  void doNotQuoteSignedAddresses() {
    String address = "https://cdn.example/x?" + HubServer.SIGNATURE;

    assertThat(shown(new IOException("code 500 for " + address)))
        .contains("the connection to https://cdn.example:443 broke (IOException)")
        .doesNotContain(HubServer.SIGNATURE);
    assertThat(shown(new IOException("wrapped", new IOException(address))))
        .doesNotContain(HubServer.SIGNATURE);
  }

  @Test
  void keepACauseThatHidesNothing() {
    assertThat(shown(new SocketException("Connection reset")))
        .contains("broke (SocketException), asked for modules.json of hf://org/name@main")
        .contains("Caused by: java.net.SocketException: Connection reset");
  }

  @Test
  void leaveAnInterruptAsItIs() {
    InterruptedIOException interrupt = new InterruptedIOException("killed");

    assertThat(OUTAGES.of(interrupt, SERVER, FILE)).isSameAs(interrupt);
  }
}
