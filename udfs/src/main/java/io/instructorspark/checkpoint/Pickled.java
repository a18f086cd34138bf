package io.instructorspark.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Python containers that a pickle builds. They may contain themselves, so never print, compare
 * or hash one; {@link #kind} is what an error may say of any value.
 */
sealed interface Pickled {
  /** Python's None. */
  enum None implements Pickled {
    NONE
  }

  record Tuple(List<Object> items) implements Pickled {}

  record Sequence(List<Object> items) implements Pickled {
    Sequence() {
      this(new ArrayList<>());
    }
  }

  /** A dict or OrderedDict; its keys are strings and numbers only. */
  record Dict(Map<Object, Object> items) implements Pickled {
    Dict() {
      this(new LinkedHashMap<>());
    }

    void put(Object key, Object value) {
      if (!(key instanceof String || key instanceof Long)) {
        throw new IllegalStateException("it has a dictionary with a key that is " + kind(key));
      }
      items.put(key, value);
    }
  }

  /** The value as the type it must have. */
  static <T> T as(Class<T> type, Object value, String role) {
    if (!type.isInstance(value)) {
      throw new IllegalStateException("%s is %s".formatted(role, kind(value)));
    }
    return type.cast(value);
  }

  /** What a value is, in a word. */
  static String kind(Object value) {
    return value instanceof TorchGlobal global
        ? global.pythonName()
        : "a " + value.getClass().getSimpleName();
  }
}
