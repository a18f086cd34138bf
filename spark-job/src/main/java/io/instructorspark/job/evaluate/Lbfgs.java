package io.instructorspark.job.evaluate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a convex, smooth function by L-BFGS (Nocedal and Wright 2006, algorithm 7.5) with a
 * line search for the weak Wolfe conditions by bisection (Lewis and Overton 2013). Breeze's
 * minimiser, which Spark brings, takes a function that a class of Java cannot be.
 *
 * @param mostIterations when to stop at the latest
 * @param tolerance of the gradient's largest component, at which it stops
 */
record Lbfgs(int mostIterations, double tolerance) {
  private static final int MEMORY = 10;
  private static final int MOST_STEPS = 40;
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  /** A function and its gradient. */
  interface Function {
    /**
     * The value at a place.
     *
     * @param gradient is filled with the gradient there
     */
    double at(double[] place, double[] gradient);
  }

  /** A step, and by how much the gradient has changed with it. */
  private record Step(double[] moved, double[] turned, double product) {}

  /** A place with what the function says of it. */
  private record Point(double[] place, double value, double[] gradient) {
    static Point of(Function function, double[] place) {
      double[] gradient = new double[place.length];
      return new Point(place, function.at(place, gradient), gradient);
    }
  }

  /** The place of the least value, from zeros. */
  double[] minimum(Function function, int dimensions) {
    Deque<Step> steps = new ArrayDeque<>();
    Point here = Point.of(function, new double[dimensions]);
    for (int i = 0; i < mostIterations && largest(here.gradient()) > tolerance; i++) {
      double[] direction = direction(here.gradient(), steps);
      Point next = along(function, here, direction, steps.isEmpty());
      if (!(next.value() < here.value())) {
        break; // as near as rounding lets one come
      }
      double[] moved = difference(next.place(), here.place());
      double[] turned = difference(next.gradient(), here.gradient());
      double product = product(moved, turned);
      if (product > 0) {
        steps.addFirst(new Step(moved, turned, product));
      }
      if (steps.size() > MEMORY) {
        steps.removeLast();
      }
      here = next;
    }
    return here.place();
  }

  private static double[] direction(double[] gradient, Deque<Step> steps) {
    double[] direction = gradient.clone();
    double[] shares = new double[steps.size()];
    int i = 0;
    for (Step step : steps) {
      shares[i] = product(step.moved(), direction) / step.product();
      add(direction, -shares[i++], step.turned());
    }
    if (!steps.isEmpty()) {
      Step last = steps.getFirst();
      scale(direction, last.product() / product(last.turned(), last.turned()));
    }
    for (Iterator<Step> oldest = steps.descendingIterator(); oldest.hasNext(); ) {
      Step step = oldest.next();
      double back = product(step.turned(), direction) / step.product();
      add(direction, shares[--i] - back, step.moved());
    }
    scale(direction, -1);
    return direction;
  }

  private static Point along(Function function, Point from, double[] direction, boolean first) {
    double slope = product(from.gradient(), direction);
    double least = 0;
    double most = Double.POSITIVE_INFINITY;
    double length = first ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    Point best = from;
    for (int i = 0; i < MOST_STEPS; i++) {
      double[] place = from.place().clone();
      add(place, length, direction);
      Point there = Point.of(function, place);
      if (!(there.value() <= from.value() + DECREASE * length * slope)) {
        most = length;
      } else {
        best = there;
        if (product(there.gradient(), direction) >= CURVATURE * slope) {
          return there;
        }
        least = length;
      }
      length = Double.isInfinite(most) ? 2 * length : (least + most) / 2;
    }
    return best;
  }

  private static double largest(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = a.clone();
    add(difference, -1, b);
    return difference;
  }

  private static void add(double[] to, double times, double[] values) {
    for (int i = 0; i < to.length; i++) {
      to[i] += times * values[i];
    }
  }

  private static void scale(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= by;
    }
  }
}
