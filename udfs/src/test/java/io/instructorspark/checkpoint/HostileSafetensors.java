package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.DENSE;
import static io.instructorspark.checkpoint.HostileCheckpoint.header;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Safetensors files that are broken, or whose headers are traps. */
final class HostileSafetensors {
  private static final int DATA = 4096;

  private HostileSafetensors() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(files());
    all.addAll(tensors());
    all.addAll(bombs());
    return all;
  }

  private static List<HostileCheckpoint> files() {
    return List.of(
        file("safetensors-empty", new byte[0], "it has 0 bytes"),
        file("safetensors-of-three-bytes", new byte[3], "it has 3 bytes"),
        file("safetensors-html", "<html>404 not found</html>", "its header has"),
        file("safetensors-lfs", "version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        length("safetensors-length-negative", -1, "its header has 18446744073709551615"),
        length("safetensors-length-huge", Long.MAX_VALUE, "its header has"),
        length("safetensors-length-beyond", 3, "its header has 3"),
        length("safetensors-length-2-gib", 1L << 31, "its header has"),
        header("safetensors-header-of-5-mb", " ".repeat(5 << 20), 0, "at most 4194304"),
        header("safetensors-no-json", "{\"linear.weight\"", DATA, "not valid JSON"),
        header("safetensors-array", "[1, 2]", DATA, "JSON object"),
        header("safetensors-two-values", "{} {}", DATA, "not valid JSON"),
        HostileCheckpoint.of(
            "safetensors-not-utf-8",
            folder ->
                SafetensorsFile.write(
                    folder.resolve(DENSE), 4, new byte[] {'{', '"', (byte) 0xff, '"'}, 0),
            DENSE,
            "not UTF-8"));
  }

  private static List<HostileCheckpoint> tensors() {
    return List.of(
        tensor(
            "key-twice",
            entry("F32", "[32,32]", "[0,4096]") + "," + entry("F32", "[1]", "[0,4]"),
            "Duplicate"),
        tensor("dtype-unknown", entry("F31", "[32,32]", "[0,4096]"), "\"F31\""),
        tensor("dtype-f64", entry("F64", "[16,32]", "[0,4096]"), "linear.weight"),
        tensor("dtype-i32", entry("I32", "[32,32]", "[0,4096]"), "stored as I32"),
        tensor("no-dtype", "\"linear.weight\":{\"shape\":[32,32]}", "dtype"),
        tensor("no-tensor", "\"linear.weight\":5", "linear.weight"),
        tensor("shape-of-text", entry("F32", "\"32\"", "[0,4096]"), "shape must be an array"),
        tensor("shape-fractional", entry("F32", "[32.0,32]", "[0,4096]"), "whole numbers"),
        tensor("shape-negative", entry("F32", "[-32,-32]", "[0,4096]"), "negative axis"),
        tensor(
            "shape-overflowing",
            entry("F32", "[4294967296,4294967296]", "[0,4096]"),
            "absurdly large"),
        tensor("shape-of-17-axes", entry("F32", "[1" + ",1".repeat(16) + "]", "[0,4]"), "17 axes"),
        tensor(
            "shape-of-90000-axes",
            entry("F32", "[1" + ",1".repeat(89_999) + "]", "[0,4]"),
            "90000 axes"),
        tensor("shape-transposed", entry("F32", "[16,64]", "[0,4096]"), "expected [32, 32]"),
        tensor("shape-empty", entry("F32", "[0,32]", "[0,0]"), "the file at 4096"),
        tensor("offsets-one", entry("F32", "[32,32]", "[0]"), "two numbers"),
        tensor("offsets-backwards", entry("F32", "[32,32]", "[4096,0]"), "outside"),
        tensor("offsets-beyond", entry("F32", "[32,64]", "[0,8192]"), "outside the file's 4096"),
        tensor("offsets-negative", entry("F32", "[32,32]", "[-4096,0]"), "outside"),
        tensor(
            "offsets-of-1001-digits",
            entry("F32", "[32,32]", "[0,1" + "0".repeat(1000) + "]"),
            "length (1001) exceeds"),
        tensor(
            "offsets-of-30-digits",
            entry("F32", "[32,32]", "[0,1" + "0".repeat(29) + "]"),
            "whole numbers"),
        tensor("offsets-other-size", entry("F32", "[32,31]", "[0,4096]"), "takes 3968 bytes"),
        tensor(
            "overlap",
            entry("F32", "[32,32]", "[0,4096]")
                + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}",
            "tensor b"),
        tensor("gap", entry("F32", "[1023]", "[4,4096]"), "starts at byte 4"),
        tensor("gap-at-the-end", entry("F32", "[1,32]", "[0,128]"), "the file at 4096"),
        tensor(
            "other-names",
            entry("F32", "[32,32]", "[0,4096]").replace("linear", "dense"),
            "no tensor linear.weight"));
  }

  private static List<HostileCheckpoint> bombs() {
    String names =
        IntStream.range(0, 30_000)
            .mapToObj(
                i -> "\"t%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i))
            .collect(Collectors.joining(","));
    String objects =
        IntStream.range(0, 300_000)
            .mapToObj(i -> "\"%x\":{}".formatted(i))
            .collect(Collectors.joining(","));
    return List.of(
        tensor("deep", "\"a\":" + "[".repeat(10_000) + "]".repeat(10_000), "nesting depth"),
        tensor("30000-tensors", names, "Token count"),
        tensor("300000-objects", objects, "Token count"),
        tensor("arrays", "\"a\":[[]" + ",[]".repeat(1_300_000) + "]", "Token count"),
        tensor("name-of-3-mb", "\"" + "n".repeat(3 << 20) + "\":{}", "ame length"),
        tensor("name-with-escapes", "\"\\u001b[2J\\u202e\":{}", "\\u001b[2J\\u202e"),
        tensor("name-of-1000", "\"" + "n".repeat(1000) + "\":{}", "nnn … nnn", "dtype"),
        tensor("text-of-3-mb", "\"a\":{\"dtype\":\"" + "x".repeat(3 << 20) + "\"}", "is unknown"));
  }

  private static HostileCheckpoint tensor(String name, String entries, String... words) {
    return header("safetensors-" + name, "{" + entries + "}", DATA, words);
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "\"linear.weight\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(dtype, shape, offsets);
  }

  private static HostileCheckpoint file(String name, String content, String words) {
    return file(name, content.getBytes(StandardCharsets.UTF_8), words);
  }

  private static HostileCheckpoint file(String name, byte[] content, String words) {
    return HostileCheckpoint.of(
        name, folder -> Files.write(folder.resolve(DENSE), content), DENSE, words);
  }

  private static HostileCheckpoint length(String name, long stated, String words) {
    return HostileCheckpoint.of(
        name,
        folder -> SafetensorsFile.write(folder.resolve(DENSE), stated, new byte[] {'{', '}'}, 0),
        DENSE,
        words);
  }
}
