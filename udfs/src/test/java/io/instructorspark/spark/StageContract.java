package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

/** What holds for every stage of this library. A stage's test implements it and so runs it. */
interface StageContract<T extends Transformer & MLWritable> {
  /** A stage with some parameters set away from their defaults. */
  T stage();

  /** As {@link #stage}, without any parameter set. */
  T stage(String uid);

  MLReader<T> reader();

  /** Some rows that the stage can take, in order, with a null in what it reads. */
  Dataset<Row> input();

  /** The column that the stage adds. */
  String added();

  @Test
  default void savedAloneItComesBackTheSame(@TempDir Path folder) throws Exception {
    T stage = stage();
    stage.write().save(folder.resolve("stage").toString());
    T loaded = reader().load(folder.resolve("stage").toString());
    assertThat(loaded.uid()).isEqualTo(stage.uid());
    assertThat(loaded.explainParams()).isEqualTo(stage.explainParams());
    assertThat(rows(loaded.transform(input()))).isEqualTo(rows(stage.transform(input())));
  }

  @Test
  default void savedInAPipelineItComesBackTheSame(@TempDir Path folder) throws Exception {
    T stage = stage();
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {stage}).fit(input());
    pipeline.write().save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    assertThat(loaded.stages()[0].explainParams()).isEqualTo(stage.explainParams());
    assertThat(rows(loaded.transform(input()))).isEqualTo(rows(stage.transform(input())));
  }

  @Test
  default void aCopyHasItsParametersAndUid() {
    T stage = stage();
    Transformer copy = stage.copy(ParamMap.empty());
    assertThat(copy).isNotSameAs(stage).hasSameClassAs(stage);
    assertThat(copy.uid()).isEqualTo(stage.uid());
    assertThat(copy.explainParams()).isEqualTo(stage.explainParams());
  }

  @Test
  default void aCopyTakesExtraParametersAndLeavesTheOriginalAlone() {
    T stage = stage();
    String before = stage.explainParams();
    Param<Object> output = stage.getParam("outputCol");
    Transformer copy = stage.copy(ParamMap.empty().put(output, "elsewhere"));
    assertThat(copy.getOrDefault(output)).isEqualTo("elsewhere");
    assertThat(stage.explainParams()).isEqualTo(before);
  }

  @Test
  default void transformSchemaIsTheSchemaOfTransform() {
    T stage = stage();
    assertThat(stage.transformSchema(input().schema()))
        .isEqualTo(stage.transform(input()).schema());
  }

  @Test
  default void transformSchemaIsTheSameWhereNoSessionIsActive() {
    T stage = stage();
    StructType expected = stage.transform(input()).schema();
    SparkSession session = TestSession.get();
    session.conf().set("spark.instructor.precision", "bf16");
    try {
      SparkSession.clearActiveSession();
      assertThat(stage.transformSchema(input().schema()))
          .isEqualTo(stage.transform(input()).schema());
    } finally {
      session.conf().unset("spark.instructor.precision");
      SparkSession.setActiveSession(session);
    }
    assertThat(stage.transform(input()).schema()).isEqualTo(expected);
  }

  @Test
  default void aNullRowStaysWithANull() {
    Dataset<Row> output = stage().transform(input());
    assertThat(output.count()).isEqualTo(input().count());
    assertThat(output.filter(output.col(added()).isNull()).count()).isPositive();
  }

  @Test
  default void noRowsGiveNoRows() {
    Dataset<Row> none = stage().transform(input().limit(0));
    assertThat(none.collectAsList()).isEmpty();
    assertThat(none.columns()).contains(added());
  }

  @Test
  default void emptyPartitionsDoNotMatter() {
    T stage = stage();
    Dataset<Row> sparse =
        input().coalesce(1).union(input().filter(functions.lit(false))).union(input().limit(0));
    assertThat(rows(stage.transform(sparse))).isEqualTo(rows(stage.transform(input().coalesce(1))));
    assertThat(stage.transform(input().repartition(20)).count()).isEqualTo(input().count());
  }

  @Test
  default void itsTransformationCanBeSentToExecutors() {
    // tasks of a local session are serialised too
    Dataset<Row> output = stage().transform(input()).repartition(3);
    assertThat(output.count()).isEqualTo(input().count());
  }

  @Test
  default void itCanBeSentWithJavasSerializerAndWithKryo() {
    T stage = stage();
    for (Serializer serializer :
        List.of(new JavaSerializer(new SparkConf()), new KryoSerializer(new SparkConf()))) {
      SerializerInstance one = serializer.newInstance();
      Transformer copy =
          one.deserialize(
              one.serialize(stage, ClassTag$.MODULE$.<Transformer>apply(Transformer.class)),
              ClassTag$.MODULE$.<Transformer>apply(Transformer.class));
      assertThat(copy.explainParams()).isEqualTo(stage.explainParams());
      assertThat(rows(copy.transform(input()))).isEqualTo(rows(stage.transform(input())));
    }
  }

  @Test
  default void otherColumnsKeepMetadataTypeAndNullability() {
    Metadata metadata = new MetadataBuilder().putString("comment", "kept").build();
    Dataset<Row> input =
        input()
            .withColumn("tagged", functions.lit(1).as("tagged", metadata))
            .withColumn("list", functions.array(functions.lit("a"), functions.lit((String) null)))
            .withColumn("day", functions.lit(java.sql.Date.valueOf("2024-02-29")))
            .withColumn("exact", functions.lit("1.50").cast("decimal(10,2)"))
            .withColumn("bytes", functions.lit(new byte[] {1, 2}))
            .withColumn(
                "nested",
                functions.struct(functions.lit(2L).as("a"), functions.lit(null).cast("double")))
            .withColumn("map", functions.map(functions.lit("k"), functions.lit(3)));
    Dataset<Row> output = stage().transform(input);
    assertThat(output.schema()).isEqualTo(stage().transformSchema(input.schema()));
    for (StructField field : input.schema().fields()) {
      assertThat(output.schema().apply(field.name())).isEqualTo(field);
    }
    String[] names = input.columns();
    assertThat(
            rows(
                output.select(
                    names[0], List.of(names).subList(1, names.length).toArray(String[]::new))))
        .isEqualTo(rows(input));
  }

  @Test
  default void everyParameterSaysWhatItMeansAndHasGetterAndSetter() throws Exception {
    T stage = stage();
    for (Param<?> param : stage.params()) {
      assertThat(param.doc()).as(param.name()).isNotBlank();
      assertThat(param.parent()).isEqualTo(stage.uid());
      assertThat(stage.getClass().getMethod(param.name()).invoke(stage)).isSameAs(param);
      String suffix =
          param.name().substring(0, 1).toUpperCase(Locale.ROOT) + param.name().substring(1);
      Method getter = stage.getClass().getMethod("get" + suffix);
      Method setter = stage.getClass().getMethod("set" + suffix, getter.getReturnType());
      assertThat(setter.getReturnType()).as("%s is fluent", setter).isEqualTo(stage.getClass());
      if (stage.isDefined(param)) {
        Object value = getter.invoke(stage);
        assertThat(setter.invoke(stage, value)).isSameAs(stage);
        assertThat(getter.invoke(stage)).isEqualTo(value);
      }
    }
  }

  @Test
  default void itsUidIsTheGivenOneOrANewOne() throws Exception {
    assertThat(stage("mine").uid()).isEqualTo("mine");
    Transformer one = stage().getClass().getConstructor().newInstance();
    Transformer other = stage().getClass().getConstructor().newInstance();
    assertThat(one.uid()).isNotEqualTo(other.uid());
    assertThat(one).hasToString(one.uid());
  }

  /** Rows by value, in order. */
  static List<String> rows(Dataset<Row> dataset) {
    return dataset.toJSON().collectAsList();
  }
}
