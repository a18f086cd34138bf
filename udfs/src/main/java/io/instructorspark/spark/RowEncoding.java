package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoder;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders;
import org.apache.spark.sql.catalyst.encoders.RowEncoder$;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

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
    AgnosticEncoders.RowEncoder ordinary = (AgnosticEncoders.RowEncoder) agnostic(schema);
    List<AgnosticEncoders.EncoderField> fields = new ArrayList<>();
    for (AgnosticEncoders.EncoderField field : Seqs.list(ordinary.fields())) {
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
    return ClassicSpark.encoder(new AgnosticEncoders.RowEncoder(Seqs.of(fields)));
  }

  /**
   * The encoder of rows that come out as they went in: dates and instants as java.time's, whatever
   * the session says, since java.sql's follow another calendar before 1582 and skip days where a
   * time zone once did.
   */
  static Encoder<Row> exact(StructType schema) {
    return ClassicSpark.encoder(agnostic(schema));
  }

  private static AgnosticEncoder<Row> agnostic(StructType schema) {
    SQLConf conf = SQLConf.get().clone();
    conf.setConfString("spark.sql.datetime.java8API.enabled", "true");
    return SQLConf.withExistingConf(conf, () -> RowEncoder$.MODULE$.encoderFor(schema));
  }

  /**
   * Gives columns the type and metadata that {@code schema} says: rows that were encoded have lost
   * collations, the fields of intervals and all metadata.
   */
  static Dataset<Row> restored(Dataset<Row> dataset, StructType schema) {
    Map<String, Column> described = new LinkedHashMap<>();
    for (int i = 0; i < schema.size(); i++) {
      StructField field = schema.apply(i);
      boolean sameType = field.dataType().equals(dataset.schema().apply(i).dataType());
      if (!sameType || !field.metadata().equals(Metadata.empty())) {
        Column column = functions.col(EmbedPlan.quoted(field.name()));
        Column typed = sameType ? column : column.cast(field.dataType());
        described.put(field.name(), typed.as(field.name(), field.metadata()));
      }
    }
    return dataset.withColumns(described);
  }
}
