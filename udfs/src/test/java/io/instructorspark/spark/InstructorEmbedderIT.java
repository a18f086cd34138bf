package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.instructorspark.SparkVersion;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointException;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.Embedding;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkException;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstructorEmbedderIT {
  private static final String INSTRUCTION = "Represent the Science title: ";
  private static final String LONG = "Water on the early surface of Mars. ".repeat(100);
  private static final List<String> TEXTS =
      Arrays.asList(
          "Water on the early surface of Mars",
          null,
          "",
          "A longer text about students who found water in old rivers of a science paper",
          "Short",
          "people",
          "Water");

  private static final String TINY = fixture("tiny-base");

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = TestSession.get();
  }

  private static String fixture(String name) {
    try {
      return Path.of(
              Objects.requireNonNull(
                      InstructorEmbedderIT.class.getResource("/fixtures/" + name), name)
                  .toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Dataset<Row> input() {
    return input(TEXTS).coalesce(1);
  }

  /** Columns {@code id}, from 0, and {@code text}. */
  private static Dataset<Row> input(List<String> texts) {
    List<Row> rows = new ArrayList<>();
    for (String text : texts) {
      rows.add(RowFactory.create(rows.size(), text));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("text", DataTypes.StringType, true));
  }

  private static Dataset<Row> pairs(String instruction, String text) {
    return spark.createDataFrame(
        List.of(RowFactory.create(instruction, text)),
        new StructType()
            .add("ask", DataTypes.StringType, true)
            .add("text", DataTypes.StringType, true));
  }

  private static InstructorEmbedder tiny() {
    return new InstructorEmbedder().setModel(TINY);
  }

  private static float[] vector(Row row) {
    List<Float> numbers = row.getList(row.fieldIndex("embedding"));
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i);
    }
    return vector;
  }

  private static float[] only(Dataset<Row> embedded) {
    return vector(embedded.collectAsList().get(0));
  }

  @Nested
  class Contract implements StageContract<InstructorEmbedder> {
    @Override
    public InstructorEmbedder stage() {
      return tiny()
          .setInstruction(INSTRUCTION)
          .setMaxLength(64)
          .setTokenCountCol("tokens")
          .setTruncatedCol("cut")
          .setErrorCol("why")
          .setWindowSize(3);
    }

    @Override
    public InstructorEmbedder stage(String uid) {
      return new InstructorEmbedder(uid);
    }

    @Override
    public MLReader<InstructorEmbedder> reader() {
      return InstructorEmbedder.read();
    }

    @Override
    public Dataset<Row> input() {
      return InstructorEmbedderIT.input();
    }

    @Override
    public String added() {
      return "embedding";
    }
  }

  @Nested
  class Vectors {
    private List<Embedding> byTheEngine(List<String> texts) {
      Checkpoint checkpoint = Checkpoint.open(TINY);
      ModelSpec spec =
          new ModelSpec(
              TINY,
              checkpoint.fingerprint(),
              Compatibility.V1_0_1,
              Device.CPU,
              Precision.FP32,
              512);
      try (InstructorModel model = InstructorModel.load(checkpoint, Device.CPU, Precision.FP32)) {
        return model
            .embedder(spec, EmbedOptions.DEFAULT)
            .embed(Collections.nCopies(texts.size(), INSTRUCTION), texts)
            .rows();
      }
    }

    @Test
    void areTheEnginesInTheRowsOrder() {
      List<Row> rows = tiny().setInstruction(INSTRUCTION).transform(input()).collectAsList();
      List<Embedding> expected = byTheEngine(TEXTS);
      assertThat(rows).hasSameSizeAs(expected);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i).getInt(0)).isEqualTo(i);
        if (expected.get(i).vector() == null) {
          assertThat(rows.get(i).isNullAt(2)).isTrue();
        } else {
          assertThat(vector(rows.get(i))).containsExactly(expected.get(i).vector(), within(1e-6f));
        }
      }
    }

    @ParameterizedTest
    @CsvSource({"2, 4096, 0", "7, 4096, 0", "2, 1, 0", "1, 2, 64", "2, 3, 1"})
    void dependOnNeitherPartitionsNorWindowsNorBatches(int partitions, int window, int tokens) {
      InstructorEmbedder reference = tiny().setInstruction(INSTRUCTION);
      InstructorEmbedder stage =
          tiny().setInstruction(INSTRUCTION).setWindowSize(window).setMaxTokensPerBatch(tokens);
      List<String> many = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        many.addAll(TEXTS);
        many.add("Water on Mars " + "and rivers ".repeat(i));
      }
      List<Row> expected = reference.transform(input(many).coalesce(1)).collectAsList();
      List<Row> rows =
          stage.transform(input(many).repartition(partitions)).orderBy("id").collectAsList();
      assertThat(rows).hasSameSizeAs(expected);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i).isNullAt(2)).isEqualTo(expected.get(i).isNullAt(2));
        if (!rows.get(i).isNullAt(2)) {
          assertThat(vector(rows.get(i))).containsExactly(vector(expected.get(i)), within(1e-6f));
        }
      }
    }

    @Test
    void areArraysOfFloatWithoutNulls() {
      StructField field = tiny().transform(input()).schema().apply("embedding");
      assertThat(field.dataType()).isEqualTo(DataTypes.createArrayType(DataTypes.FloatType, false));
      assertThat(field.nullable()).isTrue();
    }

    @Test
    void areTheSameNumbersAsMlVectors() {
      Dataset<Row> asVectors = tiny().setOutputType("vector").transform(input());
      assertThat(asVectors.schema().apply("embedding").dataType())
          .isEqualTo(SQLDataTypes.VectorType());
      List<Row> vectors = asVectors.collectAsList();
      List<Row> arrays = tiny().transform(input()).collectAsList();
      for (int i = 0; i < vectors.size(); i++) {
        assertThat(vectors.get(i).isNullAt(2)).isEqualTo(arrays.get(i).isNullAt(2));
        if (!vectors.get(i).isNullAt(2)) {
          float[] array = vector(arrays.get(i));
          double[] numbers = ((Vector) vectors.get(i).get(2)).toArray();
          assertThat(numbers).hasSize(array.length);
          for (int d = 0; d < array.length; d++) {
            assertThat(numbers[d]).isEqualTo(array[d], within(1e-6));
          }
        }
      }
    }

    @Test
    void standInColumnsOfAnyName() {
      Dataset<Row> renamed = input().withColumnRenamed("text", "my.text");
      List<Row> rows =
          tiny()
              .setInputCol("my.text")
              .setOutputCol("my vec.tor`s")
              .transform(renamed)
              .collectAsList();
      assertThat(rows.get(0).schema().fieldNames())
          .containsExactly("id", "my.text", "my vec.tor`s");
      assertThat(rows.get(0).isNullAt(2)).isFalse();
    }

    @Test
    void areMadeOnTheBuiltInModelWhereNoneIsNamed() {
      assertThat(only(new InstructorEmbedder().transform(input())))
          .hasSize(Checkpoint.open("builtin:instructor-mini").dense().outFeatures());
    }
  }

  @Nested
  class Instructions {
    @Test
    void comeFromAColumn() {
      float[] vector = only(tiny().setInstructionCol("ask").transform(pairs(INSTRUCTION, "Water")));
      float[] constant = only(tiny().setInstruction(INSTRUCTION).transform(pairs("", "Water")));
      assertThat(vector).isEqualTo(constant);
      assertThat(vector).isNotEqualTo(only(tiny().transform(pairs("", "Water"))));
    }

    @Test
    void thatAreNullAreTheEmptyOne() {
      assertThat(only(tiny().setInstructionCol("ask").transform(pairs(null, "Water"))))
          .isEqualTo(only(tiny().transform(pairs("", "Water"))));
    }

    @Test
    void areTakenByNameFromTheCatalogue() {
      String sentence = InstructionCatalog.builtIn().resolve("@retrieval-query");
      assertThat(only(tiny().setInstruction("@retrieval-query").transform(pairs("", "Water"))))
          .isEqualTo(only(tiny().setInstruction(sentence).transform(pairs("", "Water"))));
    }

    @Test
    void ofUnknownNameFailOnTheDriver() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setInstruction("@retrieval-qwery").transform(input()))
          .withMessageContaining("retrieval-query");
    }

    @Test
    void mayNotComeFromBothPlaces() {
      InstructorEmbedder both = tiny().setInstruction("").setInstructionCol("ask");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> both.transform(pairs("", "")))
          .withMessageContaining("instruction and instructionCol are both set; clear one");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> both.transformSchema(pairs("", "").schema()));
    }

    @Test
    void thatFillTheWindowFailOnTheDriver() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setMaxLength(8).setInstruction(INSTRUCTION).transform(input()))
          .withMessageContaining("fills the window of 8");
    }
  }

  @Nested
  class Columns {
    @Test
    void thatAreMissingAreAnsweredByThoseThereAre() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setInputCol("body").transform(input()))
          .withMessage("no column 'body' in the input; it has: id, text");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setInstructionCol("ask").transform(input()))
          .withMessage("no column 'ask' in the input; it has: id, text");
    }

    @Test
    void thatAreNoStringsAreRefusedWithTheirType() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setInputCol("id").transform(input()))
          .withMessage("column 'id' is int, and only strings can be embedded; cast it to string");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setInstructionCol("id").transform(input()))
          .withMessageContaining("column 'id' is int");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "id", "TEXT"})
    void thatAreThereAreNotOverwritten(String name) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setOutputCol(name).transform(input()))
          .withMessageContaining("column '%s' is there already".formatted(name));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setErrorCol(name).transform(input()))
          .withMessageContaining("column '%s' is there already".formatted(name));
    }

    @Test
    void thatAreAddedNeedNamesOfTheirOwn() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setTokenCountCol("n").setTruncatedCol("n").transform(input()))
          .withMessageContaining("column 'n' is there already");
    }

    @Test
    void sayTokensTruncationAndErrors() {
      List<Row> rows =
          tiny()
              .setInstruction(INSTRUCTION)
              .setMaxLength(32)
              .setTokenCountCol("tokens")
              .setTruncatedCol("cut")
              .setErrorCol("why")
              .transform(input(Arrays.asList(TEXTS.get(0), null, LONG)).coalesce(1))
              .select("tokens", "cut", "why")
              .collectAsList();
      assertThat(rows)
          .containsExactly(
              RowFactory.create(21, false, null),
              RowFactory.create(0, false, null),
              RowFactory.create(32, true, null));
    }

    @Test
    void mayHaveTheirNamesTwiceWhereTheyAreNotRead() {
      Dataset<Row> joined = input().select("id", "id", "text");
      List<Row> rows = tiny().transform(joined).collectAsList();
      assertThat(rows.get(6).getInt(0)).isEqualTo(6);
      assertThat(rows.get(6).getInt(1)).isEqualTo(6);
      assertThat(rows.get(6).isNullAt(3)).isFalse();
    }

    @Test
    void canBeAddedOneByOne() {
      assertThat(tiny().setTruncatedCol("cut").transform(input()).columns())
          .containsExactly("id", "text", "embedding", "cut");
      assertThat(tiny().setErrorCol("why").setTokenCountCol("n").transform(input()).columns())
          .containsExactly("id", "text", "embedding", "n", "why");
    }
  }

  @Nested
  class OtherColumns {
    private static final String OF_EVERY_TYPE =
        """
        SELECT 'Water' AS text,
          DATE'1582-10-10' AS a_date, TIMESTAMP'1582-10-10 01:02:03.456789' AS an_instant,
          TIMESTAMP_NTZ'2011-12-30 00:00:00' AS a_local_time,
          array(DATE'1500-02-28', NULL) AS dates, named_struct('d', DATE'1400-01-01', 'n', 7L) AS nested,
          map('k', TIMESTAMP'1000-01-01 00:00:00') AS a_map,
          INTERVAL '3' YEAR AS years, INTERVAL '5' HOUR AS hours,
          CAST(1.25 AS DECIMAL(10, 4)) AS a_decimal,
          X'00FF' AS bytes, CAST('NaN' AS DOUBLE) AS not_a_number, CAST(NULL AS INT) AS nothing
        """;

    @Test
    void comeOutAsTheyWentInWhateverTheirType() {
      comeOutAsTheyWentIn(spark.sql(OF_EVERY_TYPE));
    }

    @Test
    void keepTheirCollation() {
      SparkVersion.assumeAtLeast4("Spark 3.5 has no collations");
      comeOutAsTheyWentIn(spark.sql("SELECT 'a' AS text, 'Straße' COLLATE UTF8_LCASE AS collated"));
    }

    private void comeOutAsTheyWentIn(Dataset<Row> input) {
      Dataset<Row> output = tiny().transform(input);
      assertThat(output.schema()).isEqualTo(tiny().transformSchema(input.schema()));
      String[] columns = input.columns();
      for (int i = 0; i < columns.length; i++) {
        assertThat(output.schema().apply(i)).isEqualTo(input.schema().apply(i));
      }
      String[] asText =
          Arrays.stream(columns).map(c -> "CAST(" + c + " AS STRING)").toArray(String[]::new);
      assertThat(output.selectExpr(asText).first()).isEqualTo(input.selectExpr(asText).first());
    }

    @Test
    void ofTheTextsNameAreAnErrorWhereThereAreTwo() {
      Dataset<Row> twice = spark.sql("SELECT 'a' AS text, 'b' AS text");
      assertThatThrownBy(() -> tiny().transform(twice))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("several columns 'text'");
    }
  }

  @Nested
  class RowsThatCannotBeEmbedded {
    private final Dataset<Row> input = input(Arrays.asList("Water", LONG, null)).coalesce(1);

    private InstructorEmbedder strict() {
      return tiny().setLongText("error").setMaxLength(64);
    }

    @Test
    void stayWithTheirErrorByDefault() {
      List<Row> rows = strict().setErrorCol("why").transform(input).collectAsList();
      assertThat(rows).hasSize(3);
      assertThat(rows.get(0).isNullAt(3)).isTrue();
      assertThat(rows.get(1).isNullAt(2)).isTrue();
      assertThat(rows.get(1).getString(3)).contains("the window holds 64");
      assertThat(rows.get(2).isNullAt(2)).isTrue();
      assertThat(rows.get(2).isNullAt(3)).isTrue();
    }

    @Test
    void areLeftOutUnderSkipButNullTextsAreNot() {
      List<Row> rows = strict().setHandleInvalid("skip").transform(input).collectAsList();
      assertThat(rows).extracting(row -> row.getInt(0)).containsExactly(0, 2);
    }

    @Test
    void failTheJobUnderError() {
      Dataset<Row> output = strict().setHandleInvalid("error").transform(input);
      assertThatExceptionOfType(SparkException.class)
          .isThrownBy(output::collectAsList)
          .withStackTraceContaining(InvalidRowException.class.getName())
          .withStackTraceContaining("the window holds 64")
          .withStackTraceContaining("handleInvalid keep");
    }

    @Test
    void includeThoseWhoseInstructionColumnFillsTheWindow() {
      Row row =
          tiny()
              .setInstructionCol("ask")
              .setErrorCol("why")
              .setMaxLength(8)
              .transform(pairs(INSTRUCTION, "Water"))
              .collectAsList()
              .get(0);
      assertThat(row.isNullAt(2)).isTrue();
      assertThat(row.getString(3)).contains("fills the window of 8");
    }

    @Test
    void areFewerWhenLongTextsAreReadInPieces() {
      Dataset<Row> output =
          strict()
              .setLongText("chunk")
              .setErrorCol("why")
              .setHandleInvalid("error")
              .transform(input);
      assertThat(output.filter("embedding is not null").count()).isEqualTo(2);
    }
  }

  @Nested
  class SessionSettings {
    @AfterEach
    void unset() {
      for (String name :
          List.of(
              "model",
              "compatibility",
              "device",
              "precision",
              "maxLength",
              "longText",
              "maxTokensPerBatch",
              "windowSize")) {
        spark.conf().unset("spark.instructor." + name);
      }
    }

    private Metadata made(InstructorEmbedder stage) {
      return stage
          .transform(input())
          .schema()
          .apply("embedding")
          .metadata()
          .getMetadata("instructor");
    }

    @Test
    void standBehindTheParameterAndBeforeTheDefault() {
      assertThat(made(tiny()).getString("precision")).isEqualTo("fp32");
      spark.conf().set("spark.instructor.precision", "bf16");
      assertThat(made(tiny()).getString("precision")).isEqualTo("bf16");
      assertThat(made(tiny().setPrecision("fp32")).getString("precision")).isEqualTo("fp32");
    }

    @Test
    void setModelModeAndWindow() {
      spark.conf().set("spark.instructor.model", TINY);
      spark.conf().set("spark.instructor.compatibility", "st");
      spark.conf().set("spark.instructor.maxLength", " 100 ");
      Metadata made = made(new InstructorEmbedder());
      assertThat(made.getString("model")).isEqualTo(TINY);
      assertThat(made.getString("compatibility")).isEqualTo("st");
      assertThat(made.getLong("maxLength")).isEqualTo(100);
    }

    @Test
    void setWhatBecomesOfLongTexts() {
      spark.conf().set("spark.instructor.longText", "error");
      spark.conf().set("spark.instructor.windowSize", "2");
      spark.conf().set("spark.instructor.maxTokensPerBatch", "64");
      Row row = tiny().setErrorCol("why").transform(input(List.of(LONG))).collectAsList().get(0);
      assertThat(row.getString(3)).contains("the window holds 512");
    }

    @ParameterizedTest
    @CsvSource({
      "compatibility, v2",
      "device, gpu",
      "precision, fp16",
      "maxLength, -1",
      "maxLength, many",
      "maxLength, 1e3",
      "longText, drop",
      "maxTokensPerBatch, -5",
      "windowSize, 0",
      "windowSize, 99999999999"
    })
    void withBadValuesAreNamedWithTheirMeaning(String name, String value) {
      spark.conf().set("spark.instructor." + name, value);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().transform(input()))
          .withMessageStartingWith(
              "spark.instructor.%s is '%s', which is no valid value".formatted(name, value))
          .withMessageContaining(tiny().getParam(name).doc());
    }
  }

  @Nested
  class Parameters {
    @ParameterizedTest
    @CsvSource({
      "compatibility, v2",
      "device, gpu",
      "precision, fp16",
      "longText, drop",
      "outputType, list",
      "handleInvalid, ignore"
    })
    void refuseWhatIsNotAmongTheirChoices(String name, String value) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().set(name, value))
          .withMessageContaining(name)
          .withMessageContaining(value);
    }

    @ParameterizedTest
    @CsvSource({"maxLength, -1", "maxTokensPerBatch, -1", "windowSize, 0"})
    void refuseNumbersOutOfRange(String name, int value) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().set(name, value))
          .withMessageContaining(name);
    }

    @Test
    void haveTheDocumentedDefaults() {
      InstructorEmbedder stage = new InstructorEmbedder();
      assertThat(stage.getInputCol()).isEqualTo("text");
      assertThat(stage.getOutputCol()).isEqualTo("embedding");
      assertThat(stage.getInstruction()).isEmpty();
      assertThat(stage.isDefined(stage.instructionCol())).isFalse();
      assertThat(stage.getModel()).isEqualTo("builtin:instructor-mini");
      assertThat(stage.getCompatibility()).isEqualTo("v1_0_1");
      assertThat(stage.getDevice()).isEqualTo("auto");
      assertThat(stage.getPrecision()).isEqualTo("fp32");
      assertThat(stage.getLongText()).isEqualTo("truncate");
      assertThat(stage.getOutputType()).isEqualTo("array");
      assertThat(stage.getHandleInvalid()).isEqualTo("keep");
    }
  }

  @Nested
  class TheModel {
    @Test
    void isLookedForOnTheDriverBeforeAnyTask() {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> new InstructorEmbedder().setModel("/no/such/model").transform(input()))
          .withMessageContaining("/no/such/model");
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(
              () ->
                  new InstructorEmbedder()
                      .setModel("/no/such/model")
                      .transformSchema(input().schema()));
    }

    @Test
    void isNotAskedForMoreThanItsWindow() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setMaxLength(513).transform(input()))
          .withMessageContaining("maxLength 513 is above")
          .withMessageContaining("at most 512 tokens");
    }

    @Test
    void isNotAskedForLessThanAToken() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> tiny().setMaxLength(1).transform(input()))
          .withMessageContaining("maxLength must be at least 2");
    }

    @Test
    void isNotLoadedBeforeAnAction() {
      Dataset<Row> lazy = tiny().transform(input().limit(0));
      assertThat(lazy.columns()).contains("embedding");
    }
  }

  @Nested
  class Metrics {
    @Test
    void countRowsErrorsTokensAndBatches() {
      EmbeddingMetrics metrics = new EmbeddingMetrics(spark.sparkContext());
      List<Row> rows =
          tiny()
              .setInstruction(INSTRUCTION)
              .setMaxLength(32)
              .setTokenCountCol("n")
              .transformCounting(
                  input(Arrays.asList("Water", null, LONG, "", "people")).repartition(2), metrics)
              .collectAsList();
      EmbeddingMetrics.Totals totals = metrics.totals();
      assertThat(totals.rows()).isEqualTo(5);
      assertThat(totals.errors()).isZero();
      assertThat(totals.truncated()).isEqualTo(1);
      assertThat(totals.work().texts()).isEqualTo(4);
      assertThat(totals.work().tokens())
          .isEqualTo(rows.stream().mapToLong(row -> row.getInt(3)).sum());
      assertThat(totals.work().paddedTokens()).isGreaterThanOrEqualTo(totals.work().tokens());
      assertThat(totals.work().batches()).isBetween(1L, 4L);
      assertThat(totals.work().modelNanos()).isPositive();
      assertThat(totals.paddingRatio())
          .isEqualTo((double) totals.work().tokens() / totals.work().paddedTokens());
    }

    @Test
    void countErrors() {
      EmbeddingMetrics metrics = new EmbeddingMetrics(spark.sparkContext());
      tiny()
          .setLongText("error")
          .setHandleInvalid("skip")
          .transformCounting(input(Arrays.asList("Water", null, LONG)), metrics)
          .collectAsList();
      assertThat(metrics.totals().rows()).isEqualTo(3);
      assertThat(metrics.totals().errors()).isEqualTo(1);
      assertThat(metrics.totals().work().texts()).isEqualTo(1);
    }

    @Test
    void areZeroBeforeAnActionAndPadNothing() {
      EmbeddingMetrics metrics = new EmbeddingMetrics(spark.sparkContext());
      tiny().transformCounting(input(), metrics);
      assertThat(metrics.totals().rows()).isZero();
      assertThat(metrics.totals().paddingRatio()).isEqualTo(1);
    }

    @Test
    void countNothingWhereThereIsNoContext() {
      EmbeddingMetrics metrics = EmbeddingMetrics.off("this is a test");
      assertThat(tiny().transformCounting(input(), metrics).collectAsList()).isNotEmpty();
      assertThat(metrics.isCounting()).isFalse();
      assertThat(metrics.totals().rows()).isZero();
      assertThat(new EmbeddingProgress(metrics).now())
          .isEqualTo(new EmbeddingProgress.Counted(0, 0));
      assertThat(EmbeddingMetrics.of(spark).isCounting()).isTrue();
    }

    @Test
    void addUpOverActionsAndOverPartitionsThatATaskJoins() {
      EmbeddingMetrics metrics = EmbeddingMetrics.of(spark);
      Dataset<Row> rows =
          tiny()
              .transformCounting(
                  input(Arrays.asList("Water", "Mars", "people")).repartition(3), metrics);
      rows.coalesce(1).collectAsList();
      assertThat(metrics.totals().rows()).isEqualTo(3);
      Dataset<Row> twice = rows.union(rows);
      twice.collectAsList();
      assertThat(metrics.totals().rows()).isBetween(6L, 9L);
      long before = metrics.totals().rows();
      rows.collectAsList();
      rows.collectAsList();
      assertThat(metrics.totals().rows()).isEqualTo(before + 6);
    }

    @Test
    void addUpWithoutTheOperator() {
      SparkSession plain = spark.newSession();
      plain.conf().set(BatchedOperator.ENABLED, "false");
      EmbeddingMetrics metrics = EmbeddingMetrics.of(plain);
      Dataset<Row> rows =
          tiny()
              .transformCounting(
                  plain.range(0, 30, 1, 3).selectExpr("string(id) AS text"), metrics);
      rows.coalesce(1).collectAsList();
      rows.union(rows).coalesce(1).collectAsList();
      assertThat(metrics.totals().rows()).isEqualTo(90);
      assertThat(metrics.totals().texts()).isEqualTo(90);
    }

    @Test
    void areFollowedByAProgressListener() {
      EmbeddingMetrics metrics = new EmbeddingMetrics(spark.sparkContext());
      EmbeddingProgress progress = new EmbeddingProgress(metrics);
      assertThat(progress.now()).isEqualTo(new EmbeddingProgress.Counted(0, 0));
      spark.sparkContext().addSparkListener(progress);
      tiny().transformCounting(input(Arrays.asList("Water", "Mars")), metrics).collectAsList();
      spark.sparkContext().removeSparkListener(progress);
      assertThat(progress.now())
          .isEqualTo(new EmbeddingProgress.Counted(2, metrics.totals().work().tokens()));
    }
  }

  @Nested
  class FieldMetadata {
    private Metadata made(InstructorEmbedder stage, Dataset<Row> input) {
      return stage
          .transform(input)
          .schema()
          .apply("embedding")
          .metadata()
          .getMetadata("instructor");
    }

    @Test
    void saysWhichModelAndModeMadeTheVectors() {
      Metadata made =
          made(tiny().setCompatibility("head").setPrecision("bf16").setMaxLength(99), input());
      assertThat(made.getString("model")).isEqualTo(TINY);
      assertThat(made.getString("fingerprint")).isEqualTo(Checkpoint.open(TINY).fingerprint());
      assertThat(made.getString("compatibility")).isEqualTo("head");
      assertThat(made.getString("precision")).isEqualTo("bf16");
      assertThat(made.getLong("maxLength")).isEqualTo(99);
      assertThat(made.getLong("dimension")).isEqualTo(32);
    }

    @Test
    void saysTheInstructionOfAllRowsResolved() {
      assertThat(made(tiny().setInstruction("@retrieval-query"), input()).getString("instruction"))
          .isEqualTo(InstructionCatalog.builtIn().resolve("@retrieval-query"));
      assertThat(made(tiny(), input()).getString("instruction")).isEmpty();
    }

    @Test
    void saysNoInstructionWhereEachRowHasItsOwn() {
      assertThat(made(tiny().setInstructionCol("ask"), pairs("", "")).contains("instruction"))
          .isFalse();
    }

    @Test
    void isWrittenWithParquetAndReadBack(@TempDir Path folder) {
      String path = folder.resolve("vectors").toString();
      tiny().transform(input()).write().parquet(path);
      StructField field = spark.read().parquet(path).schema().apply("embedding");
      assertThat(field.metadata().getMetadata("instructor").getString("fingerprint"))
          .isEqualTo(Checkpoint.open(TINY).fingerprint());
      assertThat(((ArrayType) field.dataType()).elementType()).isEqualTo(DataTypes.FloatType);
    }
  }

  @Nested
  class WhatTravels {
    @Test
    void isOneSmallRecordWithoutStageOrSession() throws Exception {
      Checkpoint checkpoint = Checkpoint.open(TINY);
      ModelSpec spec =
          new ModelSpec(
              TINY,
              checkpoint.fingerprint(),
              Compatibility.V1_0_1,
              Device.AUTO,
              Precision.FP32,
              512);
      EmbedCall call =
          new EmbedCall(
              new EmbeddingSpec(spec, EmbedOptions.DEFAULT, HandleInvalid.KEEP),
              OutputType.ARRAY,
              Metadata.empty(),
              checkpoint.access(),
              null);
      EmbedTask task =
          new EmbedTask(call, 0, -1, INSTRUCTION, new EmbedTask.ExtraColumns(true, true, true));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(task);
      }
      assertThat(bytes.size()).isLessThan(4096);
      assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
          .doesNotContain("InstructorEmbedder", "SparkSession", "checkpoint.Checkpoint");
    }
  }
}
