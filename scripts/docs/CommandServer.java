package io.instructorspark.job;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Commands one after the other in one JVM, as they are asked for through a socket of this machine: starting a JVM takes longer than
 * most of them. What they print goes back as it comes. A request is the number of arguments and each of them; the answer is frames of a
 * kind (1 standard output, 2 standard error, 0 the end), a length and bytes, or the exit status.
 */
public final class CommandServer {
  private CommandServer() {}

  /** Takes the socket's path, and serves until it is stopped. */
  public static void main(String[] args) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
      while (true) {
        try (SocketChannel client = server.accept()) {
          answer(client);
        } catch (IOException | UncheckedIOException e) { // a client that has gone
          e.printStackTrace();
        }
      }
    }
  }

  private static void answer(SocketChannel client) throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(client));
    DataOutputStream frames = new DataOutputStream(Channels.newOutputStream(client));
    String[] arguments = new String[in.readInt()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    int status;
    try (PrintStream framedOut = framed(frames, 1);
        PrintStream framedErr = framed(frames, 2)) {
      System.setOut(framedOut);
      System.setErr(framedErr);
      status = Main.commandLine().execute(arguments);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    frames.writeByte(0);
    frames.writeInt(status);
    frames.flush();
  }

  private static PrintStream framed(DataOutputStream frames, int kind) {
    OutputStream each =
        new ByteArrayOutputStream() {
          @Override
          public void flush() throws IOException {
            synchronized (frames) {
              if (size() > 0) {
                frames.writeByte(kind);
                frames.writeInt(size());
                writeTo(frames);
                frames.flush();
                reset();
              }
            }
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        };
    return new PrintStream(each, true, StandardCharsets.UTF_8);
  }
}
