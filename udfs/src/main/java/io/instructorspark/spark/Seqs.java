package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import scala.Tuple2;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List$;
import scala.collection.immutable.ListMap;
import scala.collection.immutable.ListMap$;

/**
 * Java's collections as Scala's and back, the same on each Scala version: an immutable list is what
 * Spark's signatures call {@code Seq} on all of them.
 */
final class Seqs {
  private Seqs() {}

  /** The elements in order, copied. */
  static <T> scala.collection.immutable.List<T> of(List<? extends T> elements) {
    scala.collection.immutable.List<T> list = List$.MODULE$.<T>empty();
    for (int i = elements.size() - 1; i >= 0; i--) {
      list = new $colon$colon<>(elements.get(i), list);
    }
    return list;
  }

  /** The elements in order, copied. */
  static <T> List<T> list(scala.collection.Seq<? extends T> elements) {
    List<T> list = new ArrayList<>(elements.size());
    for (scala.collection.Iterator<? extends T> each = elements.iterator(); each.hasNext(); ) {
      list.add(each.next());
    }
    return list;
  }

  /** The entries in order, copied. */
  static <K, V> scala.collection.immutable.Map<K, V> of(Map<K, V> entries) {
    ListMap<K, V> map = ListMap$.MODULE$.<K, V>empty();
    for (Map.Entry<K, V> entry : entries.entrySet()) {
      map = map.updated(entry.getKey(), entry.getValue());
    }
    return map;
  }

  /** The entries in the order in which Scala's map gives them, copied. */
  static <K, V> Map<K, V> map(scala.collection.Map<K, V> entries) {
    Map<K, V> map = new LinkedHashMap<>();
    for (scala.collection.Iterator<Tuple2<K, V>> each = entries.iterator(); each.hasNext(); ) {
      Tuple2<K, V> entry = each.next();
      map.put(entry._1(), entry._2());
    }
    return map;
  }
}
