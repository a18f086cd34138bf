package io.instructorspark.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Writes what a fuzzer starts from: sound files, as small as they come. */
final class FuzzSeeds {
  private static final Path FIXTURE = Folders.fixture("tiny-base");

  private FuzzSeeds() {}

  /** Writes into a folder for each target below the one that is given. */
  public static void main(String[] arguments) throws IOException {
    Path top = Path.of(arguments[0]);
    safetensors(Files.createDirectories(top.resolve("safetensors")));
    torch(Files.createDirectories(top.resolve("torch")));
    tokenizer(Files.createDirectories(top.resolve("tokenizer")));
    configs(Files.createDirectories(top.resolve("config")));
  }

  private static void safetensors(Path folder) {
    SafetensorsFile.write(
        folder.resolve("two"),
        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[24,26]}}",
        26);
    SafetensorsFile.write(
        folder.resolve("dense"),
        RequiredTensors.dense(new DenseConfig(4, 4, true, DenseActivation.TANH)));
  }

  private static void torch(Path folder) throws IOException {
    byte[] pickle =
        PickleWriter.stateDict()
            .tensor("linear.weight", "FloatStorage", "0", 1024, PickleWriter.View.matrix(32, 32))
            .endStateDict();
    Files.write(folder.resolve("zip"), HostileZips.sound().bytes());
    Files.write(folder.resolve("zip64"), HostileZips.sound().alwaysZip64().bytes());
    Files.write(folder.resolve("pickle"), marked(TorchFuzz.PICKLE, pickle));
    Files.write(
        folder.resolve("torch"),
        Files.readAllBytes(Folders.fixture("tiny-xl").resolve("2_Dense/pytorch_model.bin")));
  }

  /** The fixture's, with the first pieces of its vocabulary, and with a map of one character. */
  private static void tokenizer(Path folder) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = (ObjectNode) json.readTree(FIXTURE.resolve("tokenizer.json").toFile());
    byte[] charsmap =
        Base64.getDecoder().decode(root.get("normalizer").get("precompiled_charsmap").textValue());
    Files.write(folder.resolve("charsmap"), marked(TokenizerFuzz.CHARSMAP, charsmap));
    ArrayNode pieces = (ArrayNode) root.get("model").get("vocab");
    while (pieces.size() > 6) {
      pieces.remove(pieces.size() - 1);
    }
    ArrayNode added = (ArrayNode) root.get("added_tokens");
    while (added.size() > 3) {
      added.remove(added.size() - 1);
    }
    root.set(
        "normalizer",
        HostileTokenizers.tree(
            "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true},"
                + "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\"▁\"}]}"));
    Files.write(folder.resolve("json"), json.writeValueAsBytes(root));
  }

  private static void configs(Path folder) throws IOException {
    for (String file : ConfigFuzz.FILES) {
      int which = ConfigFuzz.FILES.indexOf(file);
      byte[] content =
          Files.exists(FIXTURE.resolve(file))
              ? Files.readAllBytes(FIXTURE.resolve(file))
              : "{\"weight_map\": {\"a\": \"model-1.safetensors\"}}".getBytes(UTF_8);
      Files.write(folder.resolve("config-" + which), marked((byte) which, content));
    }
  }

  private static byte[] marked(byte mark, byte[] content) {
    return ByteBuffer.allocate(content.length + 1).put(mark).put(content).array();
  }
}
