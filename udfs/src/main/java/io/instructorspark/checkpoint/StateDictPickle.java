package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickle of a state_dict: Python's stack machine, cut down to the instructions with which
 * {@code torch.save} writes a dictionary of tensors (pickle protocols 2 to 5). Instructions and
 * names beyond those are refused; nothing is imported and nothing is run.
 */
final class StateDictPickle {
  private static final int PROTO = 0x80;
  private static final int STOP = '.';

  private final PickleBytes in;
  private final PickleStack stack = new PickleStack();

  private StateDictPickle(ByteBuffer pickle) {
    this.in = new PickleBytes(pickle);
  }

  /**
   * The tensors of a state_dict by name, in the order of the file. Entries that are no tensors are
   * left out.
   *
   * @param where the file, for errors
   * @throws CheckpointException if the pickle is anything but a dictionary, or refused
   */
  static Map<String, TorchTensor> read(ByteBuffer pickle, String where) {
    StateDictPickle reader = new StateDictPickle(pickle);
    try {
      return reader.tensors();
    } catch (IllegalStateException e) {
      throw new CheckpointException(
          "%s is not a state_dict that torch.save wrote: %s (at byte %d of its pickle)"
              .formatted(where, e.getMessage(), reader.in.position()),
          e);
    }
  }

  private Map<String, TorchTensor> tensors() {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    Pickled.as(Pickled.Dict.class, run(), "its content")
        .items()
        .forEach(
            (name, value) -> {
              if (name instanceof String text && value instanceof TorchTensor tensor) {
                tensors.put(text, tensor);
              }
            });
    return tensors;
  }

  private Object run() {
    int opcode = in.unsignedByte();
    int protocol = opcode == PROTO ? in.unsignedByte() : 0;
    if (protocol < 2 || protocol > 5) {
      throw new IllegalStateException("its pickle protocol is not 2, 3, 4 or 5");
    }
    while ((opcode = in.unsignedByte()) != STOP) {
      if (!pushesScalar(opcode) && !usesMemo(opcode) && !buildsContainer(opcode)) {
        makesObject(opcode);
      }
    }
    return stack.pop();
  }

  private boolean pushesScalar(int opcode) {
    switch (opcode) {
      case 'N' -> stack.push(Pickled.None.NONE); // NONE
      case 0x88 -> stack.push(true); // NEWTRUE
      case 0x89 -> stack.push(false); // NEWFALSE
      case 'J' -> stack.push((long) in.int32()); // BININT
      case 'K' -> stack.push((long) in.unsignedByte()); // BININT1
      case 'M' -> stack.push((long) in.unsignedShort()); // BININT2
      case 0x8a -> stack.push(in.signed(in.unsignedByte())); // LONG1
      case 'G' -> stack.push(in.float64()); // BINFLOAT
      case 0x8c -> stack.push(in.text(in.unsignedByte())); // SHORT_BINUNICODE
      case 'X' -> stack.push(in.text(in.unsignedInt())); // BINUNICODE
      case 0x8d -> stack.push(in.text(in.int64())); // BINUNICODE8
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean usesMemo(int opcode) {
    switch (opcode) {
      case 'q' -> stack.memoize(in.unsignedByte()); // BINPUT
      case 'r' -> stack.memoize(in.unsignedInt()); // LONG_BINPUT
      case 0x94 -> stack.memoize(); // MEMOIZE
      case 'h' -> stack.pushMemoized(in.unsignedByte()); // BINGET
      case 'j' -> stack.pushMemoized(in.unsignedInt()); // LONG_BINGET
      case 0x95 -> in.require(in.int64()); // FRAME: a hint for buffering
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean buildsContainer(int opcode) {
    switch (opcode) {
      case '(' -> stack.mark(); // MARK
      case ')' -> stack.push(new Pickled.Tuple(List.of())); // EMPTY_TUPLE
      case 0x85 -> stack.push(new Pickled.Tuple(stack.pop(1))); // TUPLE1
      case 0x86 -> stack.push(new Pickled.Tuple(stack.pop(2))); // TUPLE2
      case 0x87 -> stack.push(new Pickled.Tuple(stack.pop(3))); // TUPLE3
      case 't' -> stack.push(new Pickled.Tuple(stack.popToMark())); // TUPLE
      case ']' -> stack.push(new Pickled.Sequence()); // EMPTY_LIST
      case 'a' -> append(stack.pop(1)); // APPEND
      case 'e' -> append(stack.popToMark()); // APPENDS
      case '}' -> stack.push(new Pickled.Dict()); // EMPTY_DICT
      case 's' -> setItems(stack.pop(2)); // SETITEM
      case 'u' -> setItems(stack.popToMark()); // SETITEMS
      default -> {
        return false;
      }
    }
    return true;
  }

  private void makesObject(int opcode) {
    switch (opcode) {
      case 'c' -> stack.push(global(in.line(), in.line())); // GLOBAL
      case 0x93 -> { // STACK_GLOBAL
        List<Object> names = stack.pop(2);
        stack.push(
            global(
                Pickled.as(String.class, names.get(0), "the module of a name"),
                Pickled.as(String.class, names.get(1), "a name")));
      }
      case 'Q' -> stack.push(TorchObjects.storage(stack.pop())); // BINPERSID
      case 'R' -> { // REDUCE
        List<Object> call = stack.pop(2);
        stack.push(
            TorchObjects.call(
                Pickled.as(TorchGlobal.class, call.get(0), "what it calls"),
                Pickled.as(Pickled.Tuple.class, call.get(1), "the arguments of a call").items()));
      }
      case 'b' -> { // BUILD: the state of an OrderedDict is its _metadata, of no use here
        stack.pop();
        Pickled.as(Pickled.Dict.class, stack.top(), "what it gives a state to");
      }
      default ->
          throw new IllegalStateException(
              "it holds the instruction 0x%02x, which no state_dict needs".formatted(opcode));
    }
  }

  private TorchGlobal global(String module, String name) {
    String pythonName = module + "." + name;
    return TorchGlobal.named(pythonName)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    ("it refers to %s, which is refused: only names that describe tensors"
                            + " are read and nothing is run. Use a checkpoint in safetensors"
                            + " format from a source that you trust")
                        .formatted(pythonName)));
  }

  private void append(List<Object> values) {
    Pickled.as(Pickled.Sequence.class, stack.top(), "what it appends to").items().addAll(values);
  }

  private void setItems(List<Object> keysAndValues) {
    Pickled.Dict dict = Pickled.as(Pickled.Dict.class, stack.top(), "what it sets items of");
    if (keysAndValues.size() % 2 != 0) {
      throw new IllegalStateException("it sets a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dict.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }
}
