package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.torch;

import io.instructorspark.checkpoint.PickleWriter.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Archives that are broken, or whose records lie. */
final class HostileZips {
  private static final String PICKLE = "archive/data.pkl";
  private static final String STORAGE = "archive/data/0";

  private HostileZips() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(files());
    all.addAll(contents());
    all.addAll(lies());
    all.addAll(names());
    return all;
  }

  /** A sound file of the projection. */
  static TorchFile sound() {
    return TorchFile.of(
            PickleWriter.stateDict()
                .tensor("linear.weight", "FloatStorage", "0", 1024, View.matrix(32, 32))
                .endStateDict())
        .with("data/0", new byte[4096]);
  }

  private static List<HostileCheckpoint> files() {
    byte[] sound = sound().bytes();
    return List.of(
        torch("zip-empty-file", new byte[0], "no zip archive"),
        torch("zip-html", HostileCheckpoint.ascii("<html>404</html>"), "no zip archive"),
        torch("zip-only-its-mark", HostileCheckpoint.ascii("PK"), "cut short"),
        torch("zip-cut-by-a-byte", Arrays.copyOf(sound, sound.length - 1), "cut short"),
        torch("zip-cut-in-half", Arrays.copyOf(sound, sound.length / 2), "cut short"),
        torch("zip-of-zeros", ascii('P', new byte[1 << 20]), "cut short"),
        torch("zip-of-end-marks", endMarks(), "cut short"),
        torch("zip-with-a-byte-in-front", ascii('P', sound), "broken zip"),
        torch(
            "zip-old-format",
            new PickleWriter().proto(2).op(0x8a, 10, 0x6c, 0xfc).end(),
            "old format"));
  }

  private static List<HostileCheckpoint> contents() {
    TorchFile many = sound();
    for (int i = 0; i < 25_000; i++) {
      many.with("data/" + (i + 1), new byte[0]);
    }
    return List.of(
        torch("zip-nothing", new TorchFile().bytes(), "expected one"),
        torch("zip-no-pickle", new TorchFile().with("readme", "hello").bytes(), "expected one"),
        torch("zip-compressed", sound().deflated().bytes(), "compressed"),
        torch(
            "zip-pickle-bomb",
            new TorchFile().with("data.pkl", new byte[200 << 20]).deflated().bytes(),
            "has 209715200 bytes"),
        torch("zip-pickle-of-5-mb", TorchFile.of(new byte[5 << 20]).bytes(), "at most 4194304"),
        torch("zip-25000-files", many.bytes(), "list of files has"),
        torch("zip-big-endian", sound().with("byteorder", "big").bytes(), "byte order is big"),
        torch(
            "zip-byteorder-of-1-mb",
            sound().with("byteorder", new byte[1 << 20]).bytes(),
            "at most"),
        torch(
            "zip-two-pickles",
            new ZipBytes(sound().with("data/x.pkl", "x").bytes())
                .rename("archive/data/x.pkl", "another-1/data.pkl")
                .done(),
            "it holds 2 files"),
        torch(
            "zip-storage-twice",
            new ZipBytes(sound().with("data/1", "x").bytes())
                .rename("archive/data/1", STORAGE)
                .done(),
            "twice"),
        torch("zip-storage-missing", TorchFile.of(pickle()).bytes(), "storage 0", "is missing"),
        torch(
            "zip-storage-short",
            TorchFile.of(pickle()).with("data/0", new byte[4092]).bytes(),
            "its file has 4092 bytes"));
  }

  private static byte[] pickle() {
    return PickleWriter.stateDict()
        .tensor("linear.weight", "FloatStorage", "0", 1024, View.matrix(32, 32))
        .endStateDict();
  }

  private static List<HostileCheckpoint> lies() {
    long far = 0x7fff_ffffL;
    int pickleStart = zip().localStart(PICKLE);
    return List.of(
        torch("zip-encrypted", zip().central16(PICKLE, 8, 0x801).done(), "encrypted"),
        torch("zip-checksum", zip().central32(PICKLE, 16, 1).done(), "CRC-32"),
        torch("zip-header-beyond", zip().central32(STORAGE, 42, far).done(), "outside the file"),
        torch("zip-header-elsewhere", zip().central32(STORAGE, 42, 7).done(), "different things"),
        torch(
            "zip-header-of-another",
            zip().central32(STORAGE, 42, pickleStart).done(),
            "different things"),
        torch("zip-local-name", zip().local16(STORAGE, 30, 0x4141).done(), "different things"),
        torch("zip-local-method", zip().local16(PICKLE, 8, 8).done(), "different things"),
        torch("zip-local-size", zip().local32(STORAGE, 22, 5).done(), "different things"),
        torch("zip-size-lie", zip().central32(STORAGE, 24, far).done(), "different things"),
        torch(
            "zip-data-beyond",
            zip()
                .central32(STORAGE, 20, far)
                .central32(STORAGE, 24, far)
                .local32(STORAGE, 18, far)
                .local32(STORAGE, 22, far)
                .done(),
            "outside the file"),
        torch("zip-long-extra", zip().local16(STORAGE, 28, 0xffff).done(), "outside the file"),
        torch(
            "zip-overlap",
            zip()
                .central32(PICKLE, 20, 2000)
                .central32(PICKLE, 24, 2000)
                .local32(PICKLE, 18, 2000)
                .local32(PICKLE, 22, 2000)
                .done(),
            "overlap"),
        torch("zip-count-lie", zip().end16(10, 7).done(), "says that it holds 7"),
        torch("zip-directory-beyond", zip().end32(16, far).done(), "not where its end says"),
        torch("zip-directory-long", zip().end32(12, far).done(), "not where its end says"),
        torch("zip-directory-short", zip().end32(12, 10).end32(16, 0).done(), "broken zip"),
        torch("zip64-contradiction", zip().withZip64(9, 1, 1, 0), "two end records"),
        torch("zip64-elsewhere", zip().withZip64(3, 1, 1, -100), "zip64 record"),
        torch("zip64-before-the-file", zip().withZip64(3, 1, 1, Long.MIN_VALUE), "zip64 record"),
        torch(
            "zip64-negative",
            saturated().withZip64(-1, Long.MIN_VALUE, Long.MIN_VALUE, 0),
            "not where its end says"),
        torch(
            "zip64-huge",
            saturated().withZip64(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 0),
            "not where its end says"),
        torch("zip64-size-without-one", zip().central32(PICKLE, 24, -1).done(), "zip64"));
  }

  private static List<HostileCheckpoint> names() {
    return List.of(
        named("zip-name-upwards", "archive/../../", "..", "never gives"),
        named("zip-name-absolute", "/etc/cron.d/ab", "/etc/cron.d/ab", "never gives"),
        named("zip-name-backslash", "archive\\data\\1", "never gives"),
        named("zip-name-drive", "C:/archive/d/1", "never gives"),
        named("zip-name-with-escapes", "archive/\u001b[2J/1", "\\u001b[2J", "never gives"),
        named("zip-name-not-utf-8", "archive/data/\u00ff", "list of its files"));
  }

  private static HostileCheckpoint named(String name, String entry, String... words) {
    byte[] zip =
        new ZipBytes(sound().with("data/1", "x").bytes()).rename("archive/data/1", entry).done();
    return torch(name, zip, words);
  }

  private static ZipBytes zip() {
    return new ZipBytes(sound().bytes());
  }

  private static ZipBytes saturated() {
    return zip().end16(10, 0xffff).end32(12, -1).end32(16, -1);
  }

  private static byte[] endMarks() {
    ByteBuffer marks = ByteBuffer.allocate(1 << 20);
    while (marks.hasRemaining()) {
      marks.put(HostileCheckpoint.ascii("PK\5\6"));
    }
    return marks.array();
  }

  private static byte[] ascii(char first, byte[] rest) {
    return ByteBuffer.allocate(rest.length + 1).put((byte) first).put(rest).array();
  }
}
