package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders whose links lead elsewhere, and whose files are none. */
final class HostileFolders {
  private static final String WEIGHTS = "model.safetensors";

  private HostileFolders() {}

  static List<HostileCheckpoint> all() {
    return List.of(
        link("folder-link-absolute", "tokenizer.json", "/etc/hostname", "outside"),
        link("folder-link-relative", "config.json", "../../../../../../etc/hostname", "outside"),
        link(
            "folder-link-to-a-neighbour",
            WEIGHTS,
            "../safetensors-empty/model.safetensors",
            "outside"),
        link("folder-link-dangling", WEIGHTS, "gone", "is a link to gone, which is not there"),
        link(
            "folder-link-dangling-config",
            "sentence_bert_config.json",
            "gone",
            "which is not there"),
        link("folder-link-to-itself", WEIGHTS, WEIGHTS, "cannot be followed"),
        link("folder-link-in-a-circle", "2_Dense", "1_Pooling/../2_Dense", "cannot be followed"),
        link("folder-link-to-a-folder-outside", "2_Dense", "/usr/share", "outside"),
        link("folder-link-to-a-device", WEIGHTS, "/dev/zero", "outside"),
        HostileCheckpoint.of(
            "folder-link-to-a-folder",
            folder -> {
              Files.delete(folder.resolve(WEIGHTS));
              Files.createSymbolicLink(folder.resolve(WEIGHTS), Path.of("2_Dense"));
            },
            WEIGHTS,
            "is a folder, expected a file"),
        HostileCheckpoint.of("folder-folder", HostileFolders::folder, "config.json", "is a folder"),
        HostileCheckpoint.of("folder-pipe", folder -> pipe(folder, WEIGHTS), WEIGHTS, "a pipe"),
        HostileCheckpoint.of(
            "folder-pipe-config", folder -> pipe(folder, "config.json"), "config.json", "a pipe"),
        gone("config.json"),
        gone("modules.json"),
        gone("tokenizer.json"),
        gone("1_Pooling/config.json"),
        gone("2_Dense/config.json"),
        gone(HostileCheckpoint.DENSE),
        gone(WEIGHTS));
  }

  private static HostileCheckpoint link(String name, String file, String target, String words) {
    return HostileCheckpoint.of(
        name,
        folder -> {
          delete(folder.resolve(file));
          Files.createSymbolicLink(folder.resolve(file), Path.of(target));
        },
        file,
        "is a link to " + target,
        words);
  }

  private static void delete(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      for (String inside : List.of("config.json", WEIGHTS)) {
        Files.delete(file.resolve(inside));
      }
    }
    Files.delete(file);
  }

  private static void folder(Path folder) throws IOException {
    Files.delete(folder.resolve("config.json"));
    Files.createDirectory(folder.resolve("config.json"));
  }

  private static void pipe(Path folder, String file) throws IOException {
    Files.delete(folder.resolve(file));
    Process made = new ProcessBuilder("mkfifo", folder.resolve(file).toString()).start();
    try {
      if (made.waitFor() != 0) {
        throw new IOException("mkfifo failed");
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private static HostileCheckpoint gone(String file) {
    return HostileCheckpoint.of(
        "folder-without-" + file.replace('/', '-'),
        folder -> Files.delete(folder.resolve(file)),
        file.substring(file.indexOf('/') + 1));
  }
}
