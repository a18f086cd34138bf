package io.instructorspark.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Where a map lies in the space of vectors.
 *
 * @param mean of the vectors, (dimension); the map's origin
 * @param axes one after the other, (axes, dimension), of length 1
 * @param variance of each axis, its share of the vectors' whole variance, from 0 to 1
 * @param rows that it was made of
 * @param origin JSON of the metadata that the vectors had; {@code {}} for none
 */
record MapAxes(double[] mean, double[] axes, double[] variance, long rows, String origin)
    implements Serializable {
  /** Of numbers that are as great as the greatest, as far as rounding goes. */
  private static final double AS_GREAT = 1 - 1e-6;

  private static final StructType SAVED =
      new StructType()
          .add("mean", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("axes", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("variance", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("rows", DataTypes.LongType)
          .add("origin", DataTypes.StringType);

  int dimension() {
    return mean.length;
  }

  int count() {
    return axes.length / mean.length;
  }

  /**
   * The same axes, each pointing where its number of greatest magnitude is positive: a component is
   * one but for its sign, and this makes it one. The first of numbers of the same magnitude counts.
   */
  MapAxes signed() {
    double[] signed = axes.clone();
    for (int from = 0; from < signed.length; from += dimension()) {
      double greatest = 0;
      for (int i = from; i < from + dimension(); i++) {
        greatest = Math.max(greatest, Math.abs(signed[i]));
      }
      int first = from;
      while (Math.abs(signed[first]) < greatest * AS_GREAT) {
        first++;
      }
      double sign = signed[first] < 0 ? -1 : 1;
      for (int i = from; i < from + dimension(); i++) {
        signed[i] *= sign;
      }
    }
    return new MapAxes(mean, signed, variance, rows, origin);
  }

  /**
   * The same plane or space with other axes, each a sum of these, which are components still.
   *
   * @param turn (axes, axes): the new axis i is the sum of the old ones times {@code turn[i]}
   */
  MapAxes turned(double[][] turn) {
    double[] turned = new double[axes.length];
    for (int i = 0; i < count(); i++) {
      for (int j = 0; j < count(); j++) {
        for (int d = 0; d < dimension(); d++) {
          turned[i * dimension() + d] += turn[i][j] * axes[j * dimension() + d];
        }
      }
    }
    double[] shares = new double[count()];
    for (int i = 0; i < count(); i++) {
      for (int j = 0; j < count(); j++) { // components do not vary together
        shares[i] += turn[i][j] * turn[i][j] * variance[j];
      }
    }
    return new MapAxes(mean, turned, shares, rows, origin);
  }

  /** Where a vector of the axes' dimension lies on the map. */
  float[] place(float[] vector) {
    float[] place = new float[count()];
    for (int axis = 0; axis < place.length; axis++) {
      double sum = 0;
      for (int i = 0; i < mean.length; i++) {
        sum += (vector[i] - mean[i]) * axes[axis * mean.length + i];
      }
      place[axis] = (float) sum;
    }
    return place;
  }

  /** What made the vectors, where they said it. */
  Optional<VectorOrigin> vectorOrigin() {
    return VectorOrigin.of(org.apache.spark.sql.types.Metadata.fromJson(origin));
  }

  void save(SparkSession session, String folder) {
    Row row = RowFactory.create(mean, axes, variance, rows, origin);
    session.createDataFrame(List.of(row), SAVED).coalesce(1).write().parquet(folder);
  }

  static MapAxes load(SparkSession session, String folder) {
    Row row = session.read().schema(SAVED).parquet(folder).head();
    return new MapAxes(
        doubles(row, 0), doubles(row, 1), doubles(row, 2), row.getLong(3), row.getString(4));
  }

  private static double[] doubles(Row row, int place) {
    return row.<Double>getList(place).stream().mapToDouble(Double::doubleValue).toArray();
  }
}
