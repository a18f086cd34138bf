package io.instructorspark.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A checkpoint that must be refused.
 *
 * @param name of its folder
 * @param fault what is done to a copy of a sound checkpoint
 * @param words what the refusal must say, the file's name first
 */
record HostileCheckpoint(String name, Fault fault, List<String> words) {
  static final String DENSE = "2_Dense/model.safetensors";
  static final String TORCH = "2_Dense/pytorch_model.bin";

  /** What every payload would create, in the working folder. */
  static final String MARKER = "EXECUTED";

  interface Fault {
    void spoil(Path folder) throws IOException;
  }

  static HostileCheckpoint of(String name, Fault fault, String... words) {
    return new HostileCheckpoint(name, fault, List.of(words));
  }

  /** One text of a file put in another's place. */
  static HostileCheckpoint replacing(
      String name, String file, String old, String replacement, String... words) {
    return of(
        name, folder -> Folders.replace(folder.resolve(file), old, replacement), with(file, words));
  }

  /** One file with this content. */
  static HostileCheckpoint writing(String name, String file, String content, String... words) {
    return of(name, folder -> Files.writeString(folder.resolve(file), content), with(file, words));
  }

  /** The projection's weights with this header and as many zero bytes. */
  static HostileCheckpoint header(String name, String header, long dataBytes, String... words) {
    return of(
        name,
        folder -> SafetensorsFile.write(folder.resolve(DENSE), header, dataBytes),
        with(DENSE, words));
  }

  /** The projection's weights in these bytes of a {@code torch.save} file. */
  static HostileCheckpoint torch(String name, byte[] file, String... words) {
    return of(
        name,
        folder -> {
          Files.delete(folder.resolve(DENSE));
          Files.write(folder.resolve(TORCH), file);
        },
        with(TORCH, words));
  }

  /** The projection's weights by this pickle, over a storage that is there. */
  static HostileCheckpoint pickle(String name, byte[] pickle, String... words) {
    return torch(name, TorchFile.of(pickle).with("data/0", new byte[4096]).bytes(), words);
  }

  /** The same where the refusal names another file than the one that was changed. */
  HostileCheckpoint blaming(String... others) {
    return new HostileCheckpoint(name, fault, List.of(others));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Writes it into a folder of its own below {@code parent}. */
  void write(Path parent) {
    Path folder = Folders.copy(Folders.fixture("tiny-base"), parent.resolve(name));
    try {
      fault.spoil(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static String[] with(String file, String... words) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = file;
    return all;
  }
}
