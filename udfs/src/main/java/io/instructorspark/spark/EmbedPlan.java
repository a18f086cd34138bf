package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.ModelSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** What a stage will do, resolved and checked on the driver. */
record EmbedPlan(
    EmbedColumns columns,
    String instruction,
    ResolvedModel model,
    EmbeddingSpec spec,
    OutputType outputType,
    boolean deduplicate) {
  private static final int REMEMBERED = 256;

  /** Instructions that were found to leave room for a text, the last ones used. */
  private static final Map<LeavesRoom, Boolean> LEAVE_ROOM =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<LeavesRoom, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  StructType outputSchema(StructType input) {
    return columns.append(input, outputType.dataType(), metadata());
  }

  private Metadata metadata() {
    return model
        .origin()
        .withInstruction(
            columns.instruction().isPresent() ? Optional.empty() : Optional.of(instruction))
        .metadata();
  }

  /** What can be known to fail before the first task. */
  void requireRunnable(SparkSession session) {
    if (session.conf().get("spark.master", "").matches("local(\\[.*)?")) {
      InstructorModel.requireDevice(model.spec().device());
    }
    if (columns.instruction().isEmpty()) {
      requireRoomForText(instruction);
    }
  }

  /** Reads the tokenizer once for an instruction: a query is analysed many times. */
  void requireRoomForText(String constantInstruction) {
    LeavesRoom question = new LeavesRoom(model.spec(), constantInstruction);
    if (!LEAVE_ROOM.containsKey(question)) {
      InstructorModel.requireRoomForText(model.checkpoint(), model.spec(), constantInstruction);
      LEAVE_ROOM.put(question, true);
    }
  }

  private record LeavesRoom(ModelSpec spec, String instruction) {}

  /** With the metadata of vectors whose instruction is that of all rows, or unknown. */
  EmbedCall call(EmbeddingMetrics metrics, Optional<String> constantInstruction) {
    Access access = model.checkpoint().access();
    Metadata origin = model.origin().withInstruction(constantInstruction).metadata();
    return new EmbedCall(spec, outputType, origin, access, metrics);
  }

  /** This plan for other columns and another choice for rows that cannot be embedded. */
  EmbedPlan with(EmbedColumns others, HandleInvalid handleInvalid) {
    return new EmbedPlan(
        others,
        instruction,
        model,
        new EmbeddingSpec(spec.model(), spec.options(), handleInvalid),
        outputType,
        deduplicate);
  }

  /**
   * The rows and what is added to them. The model is the one that was resolved: its place is not
   * looked at again.
   *
   * @param metrics null for none
   */
  Dataset<Row> embed(Dataset<?> rows, EmbeddingMetrics metrics) {
    outputSchema(rows.schema());
    requireRunnable(rows.sparkSession());
    return BatchedOperator.install(rows.sparkSession())
        ? byOperator(rows.toDF(), metrics)
        : byPartitions(rows.toDF(), metrics);
  }

  /** By the operator that SQL uses too. */
  private Dataset<Row> byOperator(Dataset<Row> rows, EmbeddingMetrics metrics) {
    Dataset<Row> input = deduplicate ? withEqualPairsTogether(rows) : rows;
    Expression instructions =
        columns
            .instruction()
            .map(column -> (Expression) attribute(input, column))
            .orElseGet(
                () -> Literal.create(UTF8String.fromString(instruction), DataTypes.StringType));
    EmbedText embed =
        new EmbedText(
            instructions, attribute(input, columns.text()), call(metrics, Optional.empty()));
    Dataset<Row> kept =
        spec.handleInvalid() == HandleInvalid.SKIP
            ? input.filter(ClassicSpark.column(new IsNull(field(embed, EmbedCall.ERROR))))
            : input;
    List<Column> selected = new ArrayList<>();
    selected.add(functions.col("*"));
    selected.add(named(embed, EmbedCall.VECTOR, columns.vector(), metadata()));
    columns.tokenCount().ifPresent(name -> selected.add(extra(embed, EmbedCall.TOKEN_COUNT, name)));
    columns.truncated().ifPresent(name -> selected.add(extra(embed, EmbedCall.TRUNCATED, name)));
    columns.error().ifPresent(name -> selected.add(extra(embed, EmbedCall.ERROR, name)));
    return kept.select(selected.toArray(Column[]::new));
  }

  /** By mapping partitions, for sessions that cannot take the operator. */
  private Dataset<Row> byPartitions(Dataset<Row> rows, EmbeddingMetrics metrics) {
    Dataset<Row> input = deduplicate ? withEqualPairsTogether(rows) : rows;
    StructType schema = input.schema();
    StructType output = outputSchema(schema);
    EmbedTask task =
        new EmbedTask(
            call(metrics, Optional.empty()),
            schema.fieldIndex(columns.text()),
            columns.instruction().map(schema::fieldIndex).orElse(-1),
            instruction,
            columns.extra());
    Dataset<Row> embedded =
        input
            .as(RowEncoding.exact(schema))
            .mapPartitions(
                (MapPartitionsFunction<Row, Row>) partition -> new EmbeddedRows(task, partition),
                outputType.encoder(output, columns.vector()));
    return RowEncoding.restored(embedded, output);
  }

  /**
   * Rows of one instruction and text in one partition, next to each other: one shuffle. As many
   * partitions as the session says for shuffles, none merged, so that all cores embed.
   */
  private Dataset<Row> withEqualPairsTogether(Dataset<Row> rows) {
    if (rows.isStreaming()) {
      throw new IllegalArgumentException(
          "deduplicate looks for equal texts in all rows, and a stream never has all of them; set deduplicate to false");
    }
    int partitions =
        Integer.parseInt(rows.sparkSession().conf().get("spark.sql.shuffle.partitions"));
    List<Column> pair = new ArrayList<>();
    columns.instruction().ifPresent(column -> pair.add(column(rows, column)));
    pair.add(column(rows, columns.text()));
    Column[] both = pair.toArray(Column[]::new);
    return rows.repartition(partitions, both).sortWithinPartitions(functions.xxhash64(both));
  }

  static Column column(Dataset<Row> rows, String name) {
    return rows.col(quoted(name));
  }

  /** A column's name as Spark's expressions take it. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The column of exactly that name; the schema was checked to have one. */
  private static Attribute attribute(Dataset<Row> rows, String name) {
    return Seqs.list(ClassicSpark.analyzed(rows).output()).stream()
        .filter(attribute -> attribute.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Expression field(EmbedText embed, int ordinal) {
    return new GetStructField(embed, ordinal, scala.Option.empty());
  }

  private static Column extra(EmbedText embed, int ordinal, String name) {
    return named(embed, ordinal, name, Metadata.empty());
  }

  private static Column named(EmbedText embed, int ordinal, String name, Metadata metadata) {
    return ClassicSpark.column(field(embed, ordinal)).as(name, metadata);
  }
}
