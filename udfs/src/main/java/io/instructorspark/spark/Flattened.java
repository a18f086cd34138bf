package io.instructorspark.spark;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The elements that each of some others has, one after the other; nothing is held but one's. */
final class Flattened<A, B> implements Iterator<B> {
  private final Iterator<A> outer;
  private final Function<A, Iterator<B>> elements;
  private Iterator<B> inner = Collections.emptyIterator();

  Flattened(Iterator<A> outer, Function<A, Iterator<B>> elements) {
    this.outer = outer;
    this.elements = elements;
  }

  @Override
  public boolean hasNext() {
    while (!inner.hasNext() && outer.hasNext()) {
      inner = elements.apply(outer.next());
    }
    return inner.hasNext();
  }

  @Override
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return inner.next();
  }
}
