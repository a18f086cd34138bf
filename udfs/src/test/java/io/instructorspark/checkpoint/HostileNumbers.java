package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.DENSE;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** Weights among which one number is none. */
final class HostileNumbers {
  private HostileNumbers() {}

  static List<HostileCheckpoint> all() {
    return List.of(
        dense("numbers-f32-nan", "F32", 0, new int[] {0, 0, 0xc0, 0x7f}, "[0, 0]"),
        dense("numbers-f32-signalling-nan", "F32", 33, new int[] {1, 0, 0x80, 0x7f}, "[1, 1]"),
        dense("numbers-f32-infinite", "F32", 1023, new int[] {0, 0, 0x80, 0x7f}, "[31, 31]"),
        dense("numbers-f32-minus-infinite", "F32", 32, new int[] {0, 0, 0x80, 0xff}, "[1, 0]"),
        dense("numbers-f16-nan", "F16", 1, new int[] {0x01, 0x7c}, "[0, 1]"),
        dense("numbers-f16-infinite", "F16", 1023, new int[] {0x00, 0xfc}, "[31, 31]"),
        dense("numbers-bf16-nan", "BF16", 2, new int[] {0xc0, 0xff}, "[0, 2]"),
        dense("numbers-bf16-infinite", "BF16", 1022, new int[] {0x80, 0x7f}, "[31, 30]"),
        HostileCheckpoint.of(
            "numbers-last-of-the-encoder",
            folder -> {
              Path file = folder.resolve("model.safetensors");
              overwrite(file, file.toFile().length() - 4, new int[] {0, 0, 0xc0, 0x7f});
            },
            "model.safetensors",
            "NaN or infinite at"));
  }

  private static HostileCheckpoint dense(
      String name, String dtype, int element, int[] number, String place) {
    return HostileCheckpoint.of(
        name,
        folder -> {
          long size = 1024L * number.length;
          Path file =
              SafetensorsFile.write(
                  folder.resolve(DENSE),
                  "{\"linear.weight\":{\"dtype\":\"%s\",\"shape\":[32,32],\"data_offsets\":[0,%d]}}"
                      .formatted(dtype, size),
                  size);
          overwrite(file, file.toFile().length() - size + element * number.length, number);
        },
        DENSE,
        "linear.weight",
        "NaN or infinite at " + place);
  }

  private static void overwrite(Path file, long position, int[] bytes) throws java.io.IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(position);
      for (int value : bytes) {
        raw.write(value);
      }
    }
  }
}
