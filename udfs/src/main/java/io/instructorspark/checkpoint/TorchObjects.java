package io.instructorspark.checkpoint;

import java.util.List;

/**
 * What the few calls that a state_dict's pickle makes amount to. They only describe tensors; errors
 * are {@link IllegalStateException}s, to which the reader adds file and position.
 */
final class TorchObjects {
  private static final int STORAGE_ID_PARTS = 5;

  private TorchObjects() {}

  /** The result of calling a whitelisted name with these arguments. */
  static Object call(TorchGlobal callee, List<Object> arguments) {
    return switch (callee) {
      case ORDERED_DICT -> {
        requireArguments(callee, arguments, 0, 0);
        yield new Pickled.Dict();
      }
      case REBUILD_TENSOR -> {
        // storage, offset, size, stride, requires_grad, backward_hooks[, metadata]
        requireArguments(callee, arguments, 6, 7);
        yield new TorchTensor(
            Pickled.as(TorchStorage.class, arguments.get(0), "the storage of a tensor"),
            Pickled.as(Long.class, arguments.get(1), "the offset of a tensor"),
            longs(arguments.get(2), "the size of a tensor"),
            longs(arguments.get(3), "the stride of a tensor"));
      }
      case REBUILD_PARAMETER -> {
        // data, requires_grad, backward_hooks
        requireArguments(callee, arguments, 3, 3);
        yield Pickled.as(TorchTensor.class, arguments.get(0), "the data of a parameter");
      }
      default -> throw new IllegalStateException("it calls %s".formatted(callee.pythonName()));
    };
  }

  /** The storage that a persistent id names: ("storage", type, key, device, elements). */
  static TorchStorage storage(Object persistentId) {
    List<Object> parts = Pickled.as(Pickled.Tuple.class, persistentId, "a persistent id").items();
    if (parts.size() != STORAGE_ID_PARTS || !"storage".equals(parts.get(0))) {
      throw new IllegalStateException("it has a persistent id that is no storage");
    }
    TorchGlobal type = Pickled.as(TorchGlobal.class, parts.get(1), "the type of a storage");
    Dtype dtype =
        type.storageType()
            .orElseThrow(
                () -> new IllegalStateException("it has a storage of " + type.pythonName()));
    long elements = Pickled.as(Long.class, parts.get(4), "the size of a storage");
    if (elements < 0) {
      throw new IllegalStateException("it has a storage of %d elements".formatted(elements));
    }
    return new TorchStorage(
        dtype, Pickled.as(String.class, parts.get(2), "the key of a storage"), elements);
  }

  private static List<Long> longs(Object tuple, String role) {
    List<Object> items = Pickled.as(Pickled.Tuple.class, tuple, role).items();
    if (items.size() > Extent.MAX_RANK) {
      throw new IllegalStateException(
          "%s has %d axes, at most %d are read".formatted(role, items.size(), Extent.MAX_RANK));
    }
    return items.stream().map(item -> Pickled.as(Long.class, item, "an axis in " + role)).toList();
  }

  private static void requireArguments(
      TorchGlobal callee, List<Object> arguments, int min, int max) {
    if (arguments.size() < min || arguments.size() > max) {
      throw new IllegalStateException(
          "it calls %s with %d arguments".formatted(callee.pythonName(), arguments.size()));
    }
  }
}
