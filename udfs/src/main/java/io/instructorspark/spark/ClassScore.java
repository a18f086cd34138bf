package io.instructorspark.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a classifier says of a row, as executors hand it over: a label's number and shares. */
final class ClassScore {
  static final String LABEL = "label";
  static final String PROBABILITY = "probability";
  static final String PROBABILITIES = "probabilities";

  static final StructType TYPE =
      new StructType()
          .add(LABEL, DataTypes.IntegerType, false)
          .add(PROBABILITY, DataTypes.DoubleType, false)
          .add(PROBABILITIES, DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  private ClassScore() {}

  /** Of a label and the probabilities of all. */
  static Row of(int label, double[] probabilities) {
    return RowFactory.create(label, probabilities[label], probabilities);
  }
}
