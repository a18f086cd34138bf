package io.instructorspark.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stack, marks and memo of a pickle, all bounded so that a small file cannot fill the heap. Its
 * errors are {@link IllegalStateException}s, to which the reader adds file and position.
 */
final class PickleStack {
  private static final int MAX_MARKS = 1_000;

  /** A state_dict takes some 30 for each tensor; so many empty dictionaries fill 25 MB. */
  private static final int MAX_VALUES = 300_000;

  private final List<Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int pushed;

  void push(Object value) {
    pushed++;
    if (pushed > MAX_VALUES) {
      throw new IllegalStateException("it holds more values than any state_dict");
    }
    values.add(value);
  }

  Object pop() {
    Object top = top();
    values.remove(values.size() - 1);
    return top;
  }

  Object top() {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (values.size() <= floor) {
      throw new IllegalStateException("it takes a value from an empty stack");
    }
    return values.get(values.size() - 1);
  }

  void mark() {
    if (marks.size() >= MAX_MARKS) {
      throw new IllegalStateException("it is nested more deeply than any state_dict");
    }
    marks.add(values.size());
  }

  /** Takes the values above the last mark, and the mark. */
  List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw new IllegalStateException("it looks for a mark that is not there");
    }
    List<Object> above = values.subList(marks.remove(marks.size() - 1), values.size());
    List<Object> taken = List.copyOf(above);
    above.clear();
    return taken;
  }

  /** Takes the topmost values, in the order in which they were pushed. */
  List<Object> pop(int count) {
    Object[] taken = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      taken[i] = pop();
    }
    return List.of(taken);
  }

  /** Remembers the top under the next free number. */
  void memoize() {
    memoize(memo.size());
  }

  void memoize(long number) {
    if (memo.size() >= MAX_VALUES) {
      throw new IllegalStateException("it remembers more values than any state_dict");
    }
    memo.put(number, top());
  }

  void pushMemoized(long number) {
    Object value = memo.get(number);
    if (value == null) {
      throw new IllegalStateException("it recalls the value %d before it is set".formatted(number));
    }
    push(value);
  }
}
