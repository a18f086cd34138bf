package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
  @TempDir Path folder;

  @Test
  void listsTensorsInTheOrderOfTheirBytes() throws IOException {
    Path file =
        SafetensorsFile.write(
            folder.resolve("x"),
            """
            {"__metadata__": {"format": "pt"},
             "b": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [4, 16]},
             "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
             "none": {"dtype": "F32", "shape": [0, 7], "data_offsets": [16, 16]}}
            """,
            16);

    assertThat(list(file))
        .extracting(StoredTensor::name, StoredTensor::shape, StoredTensor::byteCount)
        .containsExactly(
            tuple("a", List.of(), 4L),
            tuple("b", List.of(2L, 3L), 12L),
            tuple("none", List.of(0L, 7L), 0L));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no object        | [1, 2]                                                                  | JSON object
          no JSON          | {"a": {"dtype"                                                          | not valid JSON
          not one value    | {} {}                                                                   | not valid JSON
          a key twice      | {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{}}           | Duplicate
          no tensor        | {"a": 5}                                                                | tensor a
          unknown dtype    | {"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}                  | "F31"
          no dtype         | {"a":{"shape":[2],"data_offsets":[0,8]}}                                | dtype
          shape of text    | {"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}                  | shape must be an array
          fractional shape | {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}                | whole numbers
          negative axis    | {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                 | negative axis
          overflowing axes | {"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}} | absurdly large
          too many axes    | {"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}} | 17 axes
          one offset       | {"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}                    | two numbers
          backwards        | {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                  | outside
          beyond the file  | {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}                 | outside the file's 8 bytes
          before the data  | {"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}                 | outside
          wrong size       | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}                  | takes 4 bytes
          overlap          | {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor b
          gap before       | {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                  | starts at byte 4
          gap at the end   | {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                  | the file at 8
          """)
  void refuses(String fault, String header, String message) {
    Path file = SafetensorsFile.write(folder.resolve("x.safetensors"), header, 8);

    assertThatThrownBy(() -> list(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("x.safetensors")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"-1", "3", "9223372036854775807", "100000001"})
  void refusesAHeaderThatIsNotInTheFile(long statedLength) {
    Path file =
        SafetensorsFile.write(
            folder.resolve("x"), statedLength, "{}".getBytes(StandardCharsets.UTF_8), 0);

    assertThatThrownBy(() -> list(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its header has");
  }

  @Test
  void refusesDeepNesting() {
    String header = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    Path file = SafetensorsFile.write(folder.resolve("x"), header, 0);

    assertThatThrownBy(() -> list(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nesting depth");
  }

  private static List<StoredTensor> list(Path file) throws IOException {
    try (ByteSource source = new FileBytes(file)) {
      return SafetensorsHeader.list(source, file.getFileName().toString());
    }
  }
}
