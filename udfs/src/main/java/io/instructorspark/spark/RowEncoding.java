package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders;
import org.apache.spark.sql.catalyst.encoders.RowEncoder$;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The encoder of output rows, and what encoding loses. Its vector field takes a {@code float[]}
 * that Spark copies into its own format as one block; the ordinary row encoder would box every
 * number.
 */
final class RowEncoding {
  private RowEncoding() {}

  /**
   * The encoder of {@code schema}, whose field {@code vector} is an {@code array<float>} given as
   * {@code float[]}.
   */
  static Encoder<Row> withFloatArray(StructType schema, String vector) {
    AgnosticEncoders.RowEncoder ordinary =
        (AgnosticEncoders.RowEncoder) RowEncoder$.MODULE$.encoderFor(schema);
    List<AgnosticEncoders.EncoderField> fields = new ArrayList<>();
    for (AgnosticEncoders.EncoderField field : CollectionConverters.asJava(ordinary.fields())) {
      fields.add(
          field.name().equals(vector)
              ? new AgnosticEncoders.EncoderField(
                  field.name(),
                  new AgnosticEncoders.ArrayEncoder<>(
                      AgnosticEncoders.PrimitiveFloatEncoder$.MODULE$, false),
                  field.nullable(),
                  field.metadata(),
                  field.readMethod(),
                  field.writeMethod())
              : field);
    }
    return new AgnosticEncoders.RowEncoder(CollectionConverters.asScala(fields).toSeq());
  }

  /** The ordinary encoder of {@code schema}. */
  static Encoder<Row> ordinary(StructType schema) {
    return RowEncoder$.MODULE$.encoderFor(schema);
  }

  /** Gives columns the metadata that {@code schema} says; rows that were encoded have lost it. */
  static Dataset<Row> withMetadata(Dataset<Row> dataset, StructType schema) {
    Map<String, Column> described = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      if (!field.metadata().equals(Metadata.empty())) {
        String quoted = "`" + field.name().replace("`", "``") + "`";
        described.put(field.name(), functions.col(quoted).as(field.name(), field.metadata()));
      }
    }
    return dataset.withColumns(described);
  }
}
