package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Pickles that would run something, and pickles that would fill the memory. */
final class HostilePickles {
  private static final String PAYLOAD = "touch " + HostileCheckpoint.MARKER;

  private HostilePickles() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(globals());
    all.addAll(instructions());
    all.addAll(broken());
    all.addAll(bombs());
    return all;
  }

  /** Each is called with a command, as in the wild. */
  private static List<HostileCheckpoint> globals() {
    return Stream.of(
            "posix system",
            "os system",
            "nt system",
            "builtins eval",
            "builtins exec",
            "__builtin__ eval",
            "subprocess Popen",
            "torch._utils_internal get_file_path",
            "torch load",
            "torch.storage _load_from_bytes",
            "torch.hub load",
            "runpy _run_code",
            "importlib import_module",
            "operator attrgetter",
            "functools partial",
            "numpy.core.multiarray scalar",
            "webbrowser open",
            "collections defaultdict",
            "torch._utils _rebuild_tensor",
            "torch ComplexFloatStorage")
        .map(
            global -> {
              String[] parts = global.split(" ");
              byte[] bytes =
                  new PickleWriter()
                      .proto(2)
                      .global(parts[0], parts[1])
                      .text(PAYLOAD)
                      .op(0x85, 'R')
                      .end();
              return pickle(
                  "pickle-global-" + global.replace(' ', '.'),
                  bytes,
                  parts[0] + "." + parts[1],
                  "refused");
            })
        .toList();
  }

  private static List<HostileCheckpoint> instructions() {
    return List.of(
        of("stack-global", p -> p.text("posix").text("system").op(0x93), "posix.system", "refused"),
        of("inst", p -> p.op('(').text(PAYLOAD).op('i').ascii("posix\nsystem\n"), "0x69"),
        of("obj", p -> p.op('(').orderedDict().text(PAYLOAD).op('o'), "0x6f"),
        of("newobj", p -> p.global("collections", "OrderedDict").op(')', 0x81), "0x81"),
        of("newobj-ex", p -> p.global("collections", "OrderedDict").op(')', '}', 0x92), "0x92"),
        of("ext1", p -> p.op(0x82, 1), "0x82"),
        of("ext2", p -> p.op(0x83, 1, 0), "0x83"),
        of("ext4", p -> p.op(0x84, 1, 0, 0, 0), "0x84"),
        of("persid", p -> p.op('P').ascii("storage\n"), "0x50"),
        of("next-buffer", p -> p.op(0x97), "0x97"),
        of("bytearray", p -> p.op(0x96, 0, 0, 0, 0, 0, 0, 0, 0x40), "0x96"),
        of("long4", p -> p.op(0x8b, 0xff, 0xff, 0xff, 0x7f), "0x8b"),
        of("string-line", p -> p.op('S').ascii("'x'\n"), "0x53"),
        of("call-a-text", p -> p.text("posix.system").text(PAYLOAD).op(0x85, 'R'), "what it calls"),
        of(
            "call-a-storage",
            p -> p.global("torch", "FloatStorage").op(')', 'R'),
            "it calls torch.FloatStorage"),
        of(
            "call-with-arguments",
            p -> p.global("collections", "OrderedDict").text(PAYLOAD).op(0x85, 'R'),
            "with 1 arguments"),
        of("build-a-list", p -> p.op(']', '}', 'b'), "gives a state to"),
        of("persistent-text", p -> p.text("module").op('Q'), "a persistent id"),
        of("persistent-module", p -> p.op('(').text("module").op('t', 'Q'), "is no storage"));
  }

  private static List<HostileCheckpoint> broken() {
    return List.of(
        pickle("pickle-empty", new byte[0], "ends too early"),
        pickle("pickle-protocol-0", HostileCheckpoint.ascii("(lp0\n."), "protocol is not"),
        pickle("pickle-protocol-9", new PickleWriter().proto(9).op('}').end(), "protocol is not"),
        pickle("pickle-cut", new byte[] {(byte) 0x80, 2, '}'}, "ends too early"),
        of("text", p -> p.text("hello"), "its content"),
        of("no-tensors", p -> p.op('}'), "no tensor linear.weight"),
        of("empty-stack", p -> p.op(0x85), "empty stack"),
        of("no-mark", p -> p.op('t'), "mark"),
        of("below-the-mark", p -> p.op('}', '(', 0x85), "empty stack"),
        of("unset-memo", p -> p.op('h', 7), "recalls the value 7"),
        of("odd-items", p -> p.op('}', '(').text("a").op('u'), "key without a value"),
        of("list-as-key", p -> p.op('}', ']', 'N', 's'), "a key that is"),
        of("dict-as-its-own-key", p -> p.op('}', 'q', 0, 'h', 0, 'N', 's'), "a key that is"),
        of("frame-beyond", p -> p.op(0x95, 0, 0, 0, 0, 0, 0, 0, 0x40), "ends too early"),
        of(
            "text-negative",
            p -> p.op(0x8d, 255, 255, 255, 255, 255, 255, 255, 255),
            "ends too early"),
        of("text-of-4-gb", p -> p.op('X', 255, 255, 255, 255), "ends too early"),
        of("text-of-1-mb", p -> p.text("x".repeat(1 << 20)), "a text of 1048576 bytes"),
        of("text-not-utf-8", p -> p.op(0x8c, 1, 0xff), "not UTF-8"),
        of("number-of-255-bytes", p -> p.op(0x8a, 255), "255 bytes"),
        of("name-without-end", p -> p.op('c').ascii("x".repeat(5000)), "without an end"),
        of("name-with-escapes", p -> p.global("\u001b[2J", "x"), "\\u001b[2J.x"));
  }

  private static List<HostileCheckpoint> bombs() {
    return List.of(
        repeated("values", "N", 4_000_000, "more values than any"),
        repeated("dictionaries", "}", 4_000_000, "more values than any"),
        repeated("lists", "]", 4_000_000, "more values than any"),
        repeated("tuples-in-tuples", ")" + "\u0085".repeat(3_999_999), 1, "more values than any"),
        repeated("memo", "N" + "\u0094".repeat(3_999_999), 1, "remembers more values"),
        repeated("marks", "(", 4_000_000, "nested more deeply"),
        repeated("doubling-list", "]q\0(h\0h\0e", 450_000, "more values than any"),
        repeated("calls", "ccollections\nOrderedDict\n)R", 150_000, "more values than any"));
  }

  private static HostileCheckpoint repeated(String name, String unit, int times, String words) {
    return of(name, p -> p.bytes(HostileCheckpoint.ascii(unit.repeat(times))), words);
  }

  private static HostileCheckpoint of(String name, Consumer<PickleWriter> body, String... words) {
    PickleWriter writer = new PickleWriter().proto(2);
    body.accept(writer);
    return pickle("pickle-" + name, writer.end(), words);
  }
}
