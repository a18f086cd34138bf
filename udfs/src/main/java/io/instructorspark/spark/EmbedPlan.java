package io.instructorspark.spark;

import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.InstructorModel;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** What a stage will do, resolved and checked on the driver. */
record EmbedPlan(
    EmbedColumns columns,
    String instruction,
    ResolvedModel model,
    EmbedOptions options,
    OutputType outputType,
    HandleInvalid handleInvalid) {

  Metadata metadata() {
    return model.metadata(columns.instruction().isPresent() ? null : instruction);
  }

  StructType outputSchema(StructType input) {
    return columns.append(input, outputType.dataType(), metadata());
  }

  /** What can be known to fail before the first task. */
  void requireRunnable(SparkSession session) {
    if (session.conf().get("spark.master", "").matches("local(\\[.*)?")) {
      InstructorModel.requireDevice(model.spec().device());
    }
    if (columns.instruction().isEmpty()) {
      InstructorModel.requireRoomForText(model.checkpoint(), model.spec(), instruction);
    }
  }

  EmbedTask task(StructType input, EmbeddingMetrics metrics) {
    return new EmbedTask(
        model.spec(),
        model.checkpoint().access(),
        options,
        input.fieldIndex(columns.text()),
        columns.instruction().map(input::fieldIndex).orElse(-1),
        instruction,
        outputType,
        columns.extra(),
        handleInvalid,
        metrics);
  }
}
