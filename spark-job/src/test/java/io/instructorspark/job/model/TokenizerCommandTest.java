package io.instructorspark.job.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.job.CommandRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tokenizer of a new model, against SentencePiece's own ids. */
class TokenizerCommandTest {
  private static final Path RESOURCES = Path.of("src/test/resources/tokenizer");
  private static final Path MODEL = RESOURCES.resolve("spiece.model");

  @TempDir private Path folder;
  private Models models;

  @BeforeEach
  void machine() {
    models = new Models(folder);
  }

  private CommandRun make(Path sentencePiece, Path output, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "tokenizer",
                "--sentencepiece",
                sentencePiece.toString(),
                "--output",
                output.toString()));
    arguments.addAll(List.of(more));
    return models.run(arguments.toArray(String[]::new));
  }

  @Test
  void givesTheIdsThatSentencePieceGives() throws IOException {
    Path checkpoint = models.copy(Models.MINI);
    CommandRun run = make(MODEL, checkpoint, "--if-exists", "overwrite");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("240 ids", "\"vocab_size\": 256");
    List<int[]> ids =
        InstructorModel.tokenIds(
            Checkpoint.open(checkpoint.toString()),
            Files.readAllLines(RESOURCES.resolve("encoded.txt")));
    List<int[]> expected =
        Files.readAllLines(RESOURCES.resolve("ids.txt")).stream()
            .map(line -> (line + " 1").strip()) // the end, which spm_encode leaves out
            .map(line -> Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray())
            .toList();
    assertThat(ids).hasSize(43).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void givesT5ItsExtraIds() throws IOException {
    Path checkpoint = models.copy(Models.MINI);
    assertThat(make(MODEL, checkpoint, "--if-exists", "overwrite").status()).isZero();
    assertThat(
            InstructorModel.tokenIds(
                Checkpoint.open(checkpoint.toString()), List.of("<extra_id_0>", "<extra_id_99>")))
        .usingRecursiveComparison()
        .isEqualTo(List.of(new int[] {239, 1}, new int[] {140, 1}));
  }

  @Test
  void writesTheSameFilesEachTime() throws IOException {
    assertThat(make(MODEL, folder.resolve("one")).status()).isZero();
    assertThat(make(MODEL, folder.resolve("two"), "--quiet").out()).isEmpty();
    assertThat(Models.files(folder.resolve("one")))
        .containsExactly("special_tokens_map.json", "tokenizer.json", "tokenizer_config.json")
        .allSatisfy(
            name ->
                assertThat(folder.resolve("one").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("two").resolve(name)));
  }

  @Test
  void replacesNothingUnasked() throws IOException {
    Path output = folder.resolve("out");
    Files.createDirectories(output);
    Files.writeString(output.resolve("tokenizer.json"), "mine");
    CommandRun run = make(MODEL, output);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("tokenizer.json is there already", "--if-exists overwrite");
    assertThat(Models.files(output)).containsExactly("tokenizer.json");
    assertThat(make(MODEL, output, "--if-exists", "resume").status()).isEqualTo(2);
    assertThat(models.run("tokenizer").status()).isEqualTo(2);
  }

  @Test
  void saysWhichFileIsNone() throws IOException {
    Path none = Files.writeString(folder.resolve("a.model"), "The barn door was green.\n");
    CommandRun run = make(none, folder.resolve("out"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("a.model: it is no SentencePiece model").doesNotContain("\tat ");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(make(folder.resolve("missing.model"), folder.resolve("out")).err())
        .contains("missing.model: it cannot be read");
  }

  static Stream<Arguments> unfit() throws IOException {
    byte[] model = Files.readAllBytes(MODEL);
    return Stream.of(
        Arguments.of("BPE", with(model, 2, varint(3, 2)), "is not Unigram"),
        Arguments.of("bytes", with(model, 2, varint(35, 1)), "falls back to bytes"),
        Arguments.of("suffixes", with(model, 2, varint(24, 1)), "end of words"),
        Arguments.of("no prefix", with(model, 3, varint(3, 0)), "no space before"),
        Arguments.of("spaces", with(model, 3, varint(4, 0)), "extra spaces"),
        Arguments.of("no map", with(model, 3, string(2, "")), "no map of characters"),
        Arguments.of("symbols", with(model, 1, piece("<cls>", -1, 4)), "'<cls>'"),
        Arguments.of("kind", with(model, 1, piece("x", -1, 9)), "kind 9"),
        Arguments.of("empty piece", with(model, 1, piece("", -1, 1)), "piece ''"),
        Arguments.of("no number", with(model, 1, piece("x", Float.NaN, 1)), "NaN"),
        Arguments.of("twice", with(model, 1, piece("<unk>", -1, 1)), "twice"),
        Arguments.of("beginning", with(new byte[0], 1, piece("<s>", 0, 3)), "pieces"),
        Arguments.of("wire type", with(model, 1, varint(1, 5)), "field 1"),
        Arguments.of("nothing", new byte[0], "0 pieces"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfit")
  void refusesModelsThatT5CannotHave(String name, byte[] bytes, String problem) throws IOException {
    Path file = Files.write(folder.resolve("unfit.model"), bytes);
    assertThatThrownBy(() -> SentencePieceModel.read(file))
        .isInstanceOf(SentencePieceException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesFirstPiecesOfOthers() throws IOException {
    byte[] model = {};
    for (String text : List.of("<unk>", "<s>", "</s>", "x")) {
      model = with(model, 1, piece(text, 0, 3));
    }
    Path file = Files.write(folder.resolve("other.model"), model);
    assertThatThrownBy(() -> SentencePieceModel.read(file))
        .hasMessageContainingAll("'<unk>'", "piece 0", "'<pad>'", "--pad_id=0");
  }

  @Test
  void survivesWhatIsBrokenOffOrSpoilt() throws IOException {
    byte[] model = Files.readAllBytes(MODEL);
    for (int length = 0; length < model.length; length += 7) {
      readsOrRefuses(Arrays.copyOf(model, length));
    }
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      byte[] spoilt = model.clone();
      for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
        spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
      }
      readsOrRefuses(spoilt);
    }
  }

  @Test
  void refusesAMapThatLeadsAstray() throws IOException {
    byte[] map = {4, 0, 0, 0, -1, -1, -1, -1};
    byte[] model = with(Files.readAllBytes(MODEL), 3, bytes(2, map));
    CommandRun run = make(Files.write(folder.resolve("map.model"), model), folder.resolve("out"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("precompiled_charsmap is broken");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private void readsOrRefuses(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("spoilt.model"), bytes);
    try {
      SentencePieceModel model = SentencePieceModel.read(file);
      assertThatCode(() -> new T5TokenizerFiles(model).contents()).doesNotThrowAnyException();
    } catch (SentencePieceException expected) {
      assertThat(expected).hasMessageStartingWith("it");
    }
  }

  private static byte[] with(byte[] model, int field, byte[] message) {
    return joined(model, bytes(field, message));
  }

  private static byte[] piece(String text, float score, int kind) {
    ByteBuffer number = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
    number.put((byte) (2 << 3 | 5)).putFloat(score);
    return joined(string(1, text), number.array(), varint(3, kind));
  }

  private static byte[] string(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(int field, byte[] content) {
    return joined(varint(field << 3 | 2), varint(content.length), content);
  }

  private static byte[] varint(int field, int value) {
    return joined(varint(field << 3), varint(value));
  }

  private static byte[] varint(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      out.write(rest & 0x7F | 0x80);
    }
    out.write(rest);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
