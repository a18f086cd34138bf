package io.instructorspark.spark;

import io.instructorspark.engine.BatchLimits;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.LongText;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Embeds a text column, each text together with an instruction that says what the vector is for (Su
 * et al. 2022, "One Embedder, Any Task", section 2.1).
 *
 * <pre>{@code
 * Dataset<Row> embedded = new InstructorEmbedder()
 *     .setInputCol("text")
 *     .setInstruction("Represent the product review for classifying sentiment as positive or negative: ")
 *     .transform(reviews);
 * }</pre>
 *
 * <p>The output has all input columns and {@code outputCol}: a unit vector of the model's
 * dimension, {@code array<float>} or an ML vector. A null text gives a null vector; a null
 * instruction is the empty one. Rows keep their order and partition, unless a query needs the same
 * vectors in two places, where Spark shuffles them once for both. A vector does not depend on the
 * rows beside it beyond 1e-6 a component (fp32). Instruction and text are joined as they are:
 * {@code "X:"} and {@code "X: "} are different instructions.
 *
 * <p>What describes the model and the way to work ({@code model}, {@code compatibility}, {@code
 * device}, {@code precision}, {@code maxLength}, {@code longText}, {@code maxTokensPerBatch},
 * {@code windowSize}) takes the session's {@code spark.instructor.NAME} where it is not set, else
 * its default; the other parameters are the stage's own. The checkpoint is checked on the driver
 * before any task starts; every executor JVM loads it once and shares it between its tasks.
 *
 * <p>Not thread-safe while parameters are being set, as all Spark ML stages.
 */
public final class InstructorEmbedder extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> instruction;
  private final Param<String> instructionCol;
  private final Param<String> model;
  private final Param<String> compatibility;
  private final Param<String> device;
  private final Param<String> precision;
  private final IntParam maxLength;
  private final Param<String> longText;
  private final IntParam maxTokensPerBatch;
  private final IntParam windowSize;
  private final BooleanParam deduplicate;
  private final Param<String> outputType;
  private final Param<String> tokenCountCol;
  private final Param<String> truncatedCol;
  private final Param<String> errorCol;
  private final Param<String> handleInvalid;

  /** A stage with a generated uid. */
  public InstructorEmbedder() {
    this(Identifiable$.MODULE$.randomUID("instructor"));
  }

  /** A stage with the given uid. */
  public InstructorEmbedder(String uid) {
    this.uid = uid;
    inputCol =
        StageParams.name(
            this, "inputCol", "column of texts (string); a null text gets a null vector");
    outputCol = StageParams.name(this, "outputCol", "column to add with the vectors");
    instruction =
        new Param<>(
            this,
            "instruction",
            "instruction of all rows, with its final space; @name takes a named one; excludes instructionCol",
            (StageParams.Check) value -> value != null);
    instructionCol =
        StageParams.name(
            this,
            "instructionCol",
            "column of instructions (string), one a row, null for the empty one; excludes instruction");
    model =
        StageParams.name(
            this,
            "model",
            "checkpoint: builtin:instructor-mini, a folder, any Hadoop URI, or hf://org/name[@revision]");
    compatibility =
        StageParams.choice(
            this,
            "compatibility",
            "which reference the vectors equal: v1_0_1, st or head",
            "v1_0_1",
            "st",
            "head");
    device =
        new Param<>(
            this,
            "device",
            "where the model runs: %s".formatted(String.join(", ", Device.labels())),
            (StageParams.Check) value -> Device.of(value) != null);
    precision =
        StageParams.choice(
            this, "precision", "numbers of the matrix products: fp32 or bf16", Precision.labels());
    maxLength =
        new IntParam(
            this,
            "maxLength",
            "tokens of instruction and text together, at most the checkpoint's; 0 takes the checkpoint's",
            ParamValidators.gtEq(0));
    longText =
        StageParams.choice(
            this,
            "longText",
            "what becomes of texts longer than the window: truncate, chunk (the mean of their pieces) or error",
            LongText.labels());
    maxTokensPerBatch =
        new IntParam(
            this,
            "maxTokensPerBatch",
            "padded tokens of one forward pass; 0 takes what suits model and device",
            ParamValidators.gtEq(0));
    windowSize =
        new IntParam(
            this, "windowSize", "rows that are sorted by length together", ParamValidators.gt(0));
    deduplicate =
        new BooleanParam(
            this,
            "deduplicate",
            "embed each distinct pair of instruction and text once, by one shuffle; row order is not kept");
    outputType =
        StageParams.choice(
            this,
            "outputType",
            "type of the vectors: array (array<float>) or vector (ML's)",
            OutputType.labels());
    tokenCountCol =
        StageParams.name(
            this, "tokenCountCol", "column to add with the tokens that were read for the row");
    truncatedCol =
        StageParams.name(
            this, "truncatedCol", "column to add that says whether the text lost its end");
    errorCol =
        StageParams.name(this, "errorCol", "column to add with the reason why a row has no vector");
    handleInvalid =
        StageParams.choice(
            this,
            "handleInvalid",
            "what becomes of rows that cannot be embedded: error (the job fails), keep (null vector) or skip",
            HandleInvalid.labels());
    setDefault(inputCol, "text");
    setDefault(outputCol, "embedding");
    setDefault(instruction, "");
    setDefault(model, "builtin:instructor-mini");
    setDefault(compatibility, Compatibility.V1_0_1.label());
    setDefault(device, Device.AUTO.label());
    setDefault(precision, Precision.FP32.label());
    setDefault(maxLength, (Object) 0);
    setDefault(longText, LongText.TRUNCATE.label());
    setDefault(maxTokensPerBatch, (Object) BatchLimits.DEFAULT.maxTokens());
    setDefault(windowSize, (Object) BatchLimits.DEFAULT.windowSize());
    setDefault(deduplicate, (Object) false);
    setDefault(outputType, OutputType.ARRAY.label());
    setDefault(handleInvalid, HandleInvalid.KEEP.label());
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Param: the text column. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Returns the text column. */
  public String getInputCol() {
    return getOrDefault(inputCol);
  }

  /** Sets the text column. Returns this stage. */
  public InstructorEmbedder setInputCol(String value) {
    set(inputCol, value);
    return this;
  }

  /** Param: the vector column that is added. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** Returns the vector column that is added. */
  public String getOutputCol() {
    return getOrDefault(outputCol);
  }

  /** Sets the vector column that is added. Returns this stage. */
  public InstructorEmbedder setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  /** Param: the instruction of all rows; {@code @name} takes a named one. */
  public Param<String> instruction() {
    return instruction;
  }

  /** Returns the instruction of all rows; {@code @name} takes a named one. */
  public String getInstruction() {
    return getOrDefault(instruction);
  }

  /** Sets the instruction of all rows; {@code @name} takes a named one. Returns this stage. */
  public InstructorEmbedder setInstruction(String value) {
    set(instruction, value);
    return this;
  }

  /** Param: the column of instructions; excludes {@code instruction}. */
  public Param<String> instructionCol() {
    return instructionCol;
  }

  /** Returns the column of instructions; excludes {@code instruction}. */
  public String getInstructionCol() {
    return getOrDefault(instructionCol);
  }

  /** Sets the column of instructions; excludes {@code instruction}. Returns this stage. */
  public InstructorEmbedder setInstructionCol(String value) {
    set(instructionCol, value);
    return this;
  }

  /**
   * Param: the checkpoint: {@code builtin:instructor-mini}, a folder, any Hadoop URI, or {@code
   * hf://org/name[@revision]}.
   */
  public Param<String> model() {
    return model;
  }

  /**
   * Returns the checkpoint: {@code builtin:instructor-mini}, a folder, any Hadoop URI, or {@code
   * hf://org/name[@revision]}.
   */
  public String getModel() {
    return getOrDefault(model);
  }

  /**
   * Sets the checkpoint: {@code builtin:instructor-mini}, a folder, any Hadoop URI, or {@code
   * hf://org/name[@revision]}. Returns this stage.
   */
  public InstructorEmbedder setModel(String value) {
    set(model, value);
    return this;
  }

  /** Param: {@code v1_0_1}, {@code st} or {@code head}: which reference the vectors equal. */
  public Param<String> compatibility() {
    return compatibility;
  }

  /** Returns {@code v1_0_1}, {@code st} or {@code head}: which reference the vectors equal. */
  public String getCompatibility() {
    return getOrDefault(compatibility);
  }

  /**
   * Sets {@code v1_0_1}, {@code st} or {@code head}: which reference the vectors equal. Returns
   * this stage.
   */
  public InstructorEmbedder setCompatibility(String value) {
    set(compatibility, value);
    return this;
  }

  /** Param: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
  public Param<String> device() {
    return device;
  }

  /** Returns {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
  public String getDevice() {
    return getOrDefault(device);
  }

  /** Sets {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. Returns this stage. */
  public InstructorEmbedder setDevice(String value) {
    set(device, value);
    return this;
  }

  /** Param: {@code fp32} or {@code bf16}. */
  public Param<String> precision() {
    return precision;
  }

  /** Returns {@code fp32} or {@code bf16}. */
  public String getPrecision() {
    return getOrDefault(precision);
  }

  /** Sets {@code fp32} or {@code bf16}. Returns this stage. */
  public InstructorEmbedder setPrecision(String value) {
    set(precision, value);
    return this;
  }

  /** Param: tokens of instruction and text together; 0 takes the checkpoint's. */
  public IntParam maxLength() {
    return maxLength;
  }

  /** Returns tokens of instruction and text together; 0 takes the checkpoint's. */
  public int getMaxLength() {
    return (Integer) getOrDefault(maxLength);
  }

  /** Sets tokens of instruction and text together; 0 takes the checkpoint's. Returns this stage. */
  public InstructorEmbedder setMaxLength(int value) {
    set(maxLength, (Object) value);
    return this;
  }

  /** Param: {@code truncate}, {@code chunk} or {@code error}. */
  public Param<String> longText() {
    return longText;
  }

  /** Returns {@code truncate}, {@code chunk} or {@code error}. */
  public String getLongText() {
    return getOrDefault(longText);
  }

  /** Sets {@code truncate}, {@code chunk} or {@code error}. Returns this stage. */
  public InstructorEmbedder setLongText(String value) {
    set(longText, value);
    return this;
  }

  /** Param: padded tokens of one forward pass; 0 takes what suits model and device. */
  public IntParam maxTokensPerBatch() {
    return maxTokensPerBatch;
  }

  /** Returns padded tokens of one forward pass; 0 takes what suits model and device. */
  public int getMaxTokensPerBatch() {
    return (Integer) getOrDefault(maxTokensPerBatch);
  }

  /**
   * Sets padded tokens of one forward pass; 0 takes what suits model and device. Returns this
   * stage.
   */
  public InstructorEmbedder setMaxTokensPerBatch(int value) {
    set(maxTokensPerBatch, (Object) value);
    return this;
  }

  /** Param: rows tokenised and sorted by length together. */
  public IntParam windowSize() {
    return windowSize;
  }

  /** Returns rows tokenised and sorted by length together. */
  public int getWindowSize() {
    return (Integer) getOrDefault(windowSize);
  }

  /** Sets rows tokenised and sorted by length together. Returns this stage. */
  public InstructorEmbedder setWindowSize(int value) {
    set(windowSize, (Object) value);
    return this;
  }

  /**
   * Param: whether each distinct pair of instruction and text is embedded once over the whole data
   * set, by one shuffle.
   */
  public BooleanParam deduplicate() {
    return deduplicate;
  }

  /** Returns whether each distinct pair of instruction and text is embedded once. */
  public boolean getDeduplicate() {
    return (Boolean) getOrDefault(deduplicate);
  }

  /**
   * Sets whether each distinct pair of instruction and text is embedded once over the whole data
   * set. Worth it where texts repeat; rows come out in another order and in as many partitions as
   * {@code spark.sql.shuffle.partitions} says. Not for streams. Returns this stage.
   */
  public InstructorEmbedder setDeduplicate(boolean value) {
    set(deduplicate, (Object) value);
    return this;
  }

  /** Param: {@code array} or {@code vector}. */
  public Param<String> outputType() {
    return outputType;
  }

  /** Returns {@code array} or {@code vector}. */
  public String getOutputType() {
    return getOrDefault(outputType);
  }

  /** Sets {@code array} or {@code vector}. Returns this stage. */
  public InstructorEmbedder setOutputType(String value) {
    set(outputType, value);
    return this;
  }

  /** Param: the column that is added with the tokens read for the row; 0 without a vector. */
  public Param<String> tokenCountCol() {
    return tokenCountCol;
  }

  /** Returns the column that is added with the tokens read for the row; 0 without a vector. */
  public String getTokenCountCol() {
    return getOrDefault(tokenCountCol);
  }

  /**
   * Sets the column that is added with the tokens read for the row; 0 without a vector. Returns
   * this stage.
   */
  public InstructorEmbedder setTokenCountCol(String value) {
    set(tokenCountCol, value);
    return this;
  }

  /** Param: the column that is added and says whether the text was cut. */
  public Param<String> truncatedCol() {
    return truncatedCol;
  }

  /** Returns the column that is added and says whether the text was cut. */
  public String getTruncatedCol() {
    return getOrDefault(truncatedCol);
  }

  /** Sets the column that is added and says whether the text was cut. Returns this stage. */
  public InstructorEmbedder setTruncatedCol(String value) {
    set(truncatedCol, value);
    return this;
  }

  /** Param: the column that is added with the reason why a row has no vector. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /** Returns the column that is added with the reason why a row has no vector. */
  public String getErrorCol() {
    return getOrDefault(errorCol);
  }

  /** Sets the column that is added with the reason why a row has no vector. Returns this stage. */
  public InstructorEmbedder setErrorCol(String value) {
    set(errorCol, value);
    return this;
  }

  /** Param: {@code error}, {@code keep} or {@code skip}: rows that cannot be embedded. */
  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  /** Returns {@code error}, {@code keep} or {@code skip}: rows that cannot be embedded. */
  public String getHandleInvalid() {
    return getOrDefault(handleInvalid);
  }

  /**
   * Sets {@code error}, {@code keep} or {@code skip}: rows that cannot be embedded. Returns this
   * stage.
   */
  public InstructorEmbedder setHandleInvalid(String value) {
    set(handleInvalid, value);
    return this;
  }

  /**
   * The output's schema: the input's, then the vector, then the extra columns that are asked for.
   * The vector's field metadata says which model and mode made it.
   *
   * @throws IllegalArgumentException if the text or instruction column is missing or no string, an
   *     output column exists already, or both instruction and instructionCol are set
   * @throws io.instructorspark.checkpoint.CheckpointException if the checkpoint cannot be used
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return plan(InstructorFunctions.activeSession()).outputSchema(schema);
  }

  /**
   * Embeds lazily: nothing is encoded before an action runs.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}, or if the instruction of all rows
   *     fills the window
   * @throws io.instructorspark.engine.EngineException in local mode if the device is not there
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return embed(dataset, null);
  }

  /** As {@link #transform(Dataset)}, counting rows, tokens and time into {@code metrics}. */
  public Dataset<Row> transformCounting(Dataset<?> dataset, EmbeddingMetrics metrics) {
    return embed(dataset, Objects.requireNonNull(metrics, "metrics"));
  }

  private Dataset<Row> embed(Dataset<?> dataset, EmbeddingMetrics metrics) {
    return plan(dataset.sparkSession()).embed(dataset, metrics);
  }

  /** Brings parameters, session settings and the checkpoint together. */
  EmbedPlan plan(SparkSession session) {
    if (isSet(instructionCol) && isSet(instruction)) {
      throw new IllegalArgumentException(
          "%s: instruction and instructionCol are both set; clear one of them".formatted(uid));
    }
    RuntimeConfig conf = session == null ? null : session.conf();
    Settings settings = new Settings(this, conf);
    ResolvedModel resolved =
        ResolvedModel.of(
            settings.text(model),
            CheckpointAccess.of(session),
            Compatibility.of(settings.text(compatibility)),
            Device.of(settings.text(device)),
            Precision.of(settings.text(precision)),
            settings.number(maxLength));
    EmbedOptions options =
        new EmbedOptions(
            LongText.of(settings.text(longText)),
            new BatchLimits(settings.number(maxTokensPerBatch), settings.number(windowSize)),
            conf == null ? 1 : Integer.parseInt(conf.get("spark.task.cpus", "1")));
    return new EmbedPlan(
        new EmbedColumns(
            getInputCol(),
            optional(instructionCol),
            getOutputCol(),
            optional(tokenCountCol),
            optional(truncatedCol),
            optional(errorCol)),
        InstructionCatalog.current().resolve(getInstruction()),
        resolved,
        new EmbeddingSpec(resolved.spec(), options, HandleInvalid.of(settings.text(handleInvalid))),
        OutputType.of(getOutputType()),
        getDeduplicate());
  }

  private Optional<String> optional(Param<String> column) {
    return isDefined(column) ? Optional.of(getOrDefault(column)) : Optional.empty();
  }

  @Override
  public InstructorEmbedder copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved stages; {@code PipelineModel.load} finds it by name. */
  public static MLReader<InstructorEmbedder> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a stage saved with {@code write().save(path)}. */
  public static InstructorEmbedder load(String path) {
    return read().load(path);
  }
}
