package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.instructorspark.engine.training.Example;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The records of a prepared task by their numbers, read from a file of this machine. Keeps where
 * each line begins, 8 bytes a record, and the file open; reads a record when it is asked for. Any
 * thread may ask; several at once do not wait for each other.
 */
final class ExampleFile implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final FileChannel channel;
  private final long[] starts;

  /**
   * Opens a file and looks for its lines.
   *
   * @param records how many there have to be
   * @throws PreparationException if it cannot be read, or has another number of lines
   */
  ExampleFile(Path file, int records) {
    this.file = file;
    this.starts = new long[records + 1];
    try {
      this.channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unread(e);
    }
    try {
      find(records);
    } catch (IOException | RuntimeException e) {
      try {
        channel.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e instanceof IOException failure ? unread(failure) : (RuntimeException) e;
    }
  }

  /** How many records there are. */
  int size() {
    return starts.length - 1;
  }

  /**
   * The record of a number, from 0.
   *
   * @throws PreparationException if it cannot be read
   */
  Example record(int number) {
    int length = Math.toIntExact(starts[number + 1] - starts[number]);
    byte[] line = new byte[length];
    ByteBuffer target = ByteBuffer.wrap(line);
    try {
      while (target.hasRemaining()) {
        if (channel.read(target, starts[number] + target.position()) < 0) {
          throw new IOException("it has become shorter");
        }
      }
      JsonNode node = JSON.readTree(line);
      return new Example(
          instructed(node, "query").orElseThrow(() -> new IOException("a record has no query")),
          instructed(node, "pos").orElseThrow(() -> new IOException("a record has no pos")),
          instructed(node, "neg").orElse(null),
          node.path("label").isTextual() ? node.get("label").asText() : null);
    } catch (IOException e) {
      throw unread(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unread(e);
    }
  }

  private void find(int records) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 20);
    long at = 0;
    int lines = 0;
    for (int read = channel.read(block); read >= 0; read = channel.read(block)) {
      for (int i = 0; i < read; i++) {
        if (block.get(i) == '\n') {
          lines++;
          if (lines <= records) {
            starts[lines] = at + i + 1;
          }
        }
      }
      at += read;
      block.clear();
    }
    if (lines != records || at != starts[records]) {
      throw new PreparationException(
          "%s has %,d lines where its preparation has %,d: delete the folder of the preparation, and it is made again"
              .formatted(file, lines, records));
    }
  }

  private static Optional<Example.Side> instructed(JsonNode node, String name) throws IOException {
    JsonNode side = node.get(name);
    if (side == null || side.isNull()) {
      return Optional.empty();
    }
    if (side.size() != 2 || !side.get(0).isTextual() || !side.get(1).isTextual()) {
      throw new IOException("the %s of a record is no instruction and text".formatted(name));
    }
    return Optional.of(new Example.Side(side.get(0).asText(), side.get(1).asText()));
  }

  private PreparationException unread(IOException e) {
    return new PreparationException(
        "%s cannot be read: %s. Delete the folder of the preparation, and it is made again"
            .formatted(file, e.getMessage()),
        e);
  }
}
