package io.instructorspark.spark;

import java.util.Iterator;
import java.util.stream.IntStream;

/** Numbers that belong together, by joining two at a time (a disjoint-set forest). */
final class Groups {
  private final int[] parents;

  Groups(int count) {
    this.parents = IntStream.range(0, count).toArray();
  }

  /** A member of a group, and the group's first. */
  record Member(int first, int second) {}

  private int first(int member) {
    int first = member;
    while (parents[first] != first) {
      parents[first] = parents[parents[first]];
      first = parents[first];
    }
    return first;
  }

  boolean areTogether(int one, int other) {
    return first(one) == first(other);
  }

  void join(int one, int other) {
    int a = first(one);
    int b = first(other);
    parents[Math.max(a, b)] = Math.min(a, b);
  }

  /** All numbers with the least of their group; those alone are with themselves. */
  Iterator<Member> members() {
    return IntStream.range(0, parents.length)
        .mapToObj(number -> new Member(first(number), number))
        .iterator();
  }
}
