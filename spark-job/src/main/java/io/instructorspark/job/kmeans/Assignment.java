package io.instructorspark.job.kmeans;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The centre that is nearest to a vector, by cosine, and the one that is next: struct of {@code
 * cluster}, {@code distance} from 0 to 2, {@code second}, and {@code margin}, by how much the
 * second is farther. Null for a null vector; of equally near centres the first, as MLlib's.
 */
public final class Assignment implements UDF1<Vector, Row> {
  private static final long serialVersionUID = 1L;

  /** The column that jobs put this into. */
  public static final String ASSIGNED = "_input_assigned";

  /** The number of the nearest centre, from 0. */
  public static final String CLUSTER = "cluster";

  /** The cosine distance to it, from 0 to 2. */
  public static final String DISTANCE = "distance";

  /** The second nearest centre; null where there is one. */
  public static final String SECOND = "second";

  /** By how much the second is farther; null where there is one. */
  public static final String MARGIN = "margin";

  private final double[][] centres; // (clusters, dimension), of length 1

  private Assignment(Vector[] centres) {
    this.centres = new double[centres.length][];
    for (int i = 0; i < centres.length; i++) {
      double[] unit = centres[i].toArray().clone();
      double length = Math.sqrt(product(unit, unit));
      for (int j = 0; j < unit.length; j++) {
        unit[j] /= length;
      }
      this.centres[i] = unit;
    }
  }

  /** A struct of these for each vector; null for a null vector. */
  public static Column of(Vector[] centres, Column vector) {
    StructType type =
        new StructType()
            .add(CLUSTER, DataTypes.IntegerType)
            .add(DISTANCE, DataTypes.DoubleType)
            .add(SECOND, DataTypes.IntegerType)
            .add(MARGIN, DataTypes.DoubleType);
    return functions.udf(new Assignment(centres), type).apply(vector);
  }

  @Override
  public Row call(Vector vector) {
    if (vector == null) {
      return null;
    }
    double[] values = vector.toArray();
    double length = Math.sqrt(product(values, values));
    int nearest = -1;
    int second = -1;
    double least = Double.POSITIVE_INFINITY;
    double next = Double.POSITIVE_INFINITY;
    for (int i = 0; i < centres.length; i++) {
      double distance = Math.max(0, 1 - product(centres[i], values) / length);
      if (distance < least) {
        second = nearest;
        next = least;
        nearest = i;
        least = distance;
      } else if (distance < next) {
        second = i;
        next = distance;
      }
    }
    return second < 0
        ? RowFactory.create(nearest, least, null, null)
        : RowFactory.create(nearest, least, second, next - least);
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
