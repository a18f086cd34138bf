package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders;
import org.apache.spark.sql.catalyst.encoders.RowEncoder$;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The encoder of output rows. Its vector field takes a {@code float[]} that Spark copies into its
 * own format as one block; the ordinary row encoder would box every number.
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
}
