package io.instructorspark.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.StopWordsRemover;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The terms that tell clusters of texts apart, by class-based TF-IDF (Grootendorst 2022, "BERTopic:
 * Neural topic modeling with a class-based TF-IDF procedure", section 3.3): all texts of a cluster
 * count as one document.
 *
 * <pre>{@code
 * Dataset<Row> terms = new TopicTerms().setInputCol("text").setClusterCol("cluster").transform(rows);
 * // cluster: int, terms: array<struct<term: string, weight: double>>
 * }</pre>
 *
 * <p>Terms are words in lower case without stop words, and sequences of up to {@code maxNGram} of
 * the words that are left. With {@code n(t, c)} the occurrences of term {@code t} in cluster {@code
 * c}, {@code N(c)} those of all terms in the cluster, {@code f(t)} those of the term in all
 * clusters, and {@code A} the mean of {@code N(c)}, the weight is
 *
 * <pre>{@code
 * c-tf-idf:  n(t, c) / N(c) * ln(1 + A / f(t))
 * bm25:      n(t, c) / N(c) * ln(1 + (A - f(t) + 0.5) / (f(t) + 0.5))
 * }</pre>
 *
 * <p>{@code bm25} takes off more from words that are everywhere, and suits texts with many of them.
 * Only terms of a weight above 0 are given.
 *
 * <p>A transformer whose output has one row for each cluster, in their order, and not one for each
 * input row: so it has params, is saved and loaded, and ends a pipeline behind a clustering stage.
 * A cluster without terms has an empty list; rows without a cluster are left out, those without a
 * text have no terms. Everything is done on data frames: three shuffles of distinct terms. The
 * result does not depend on how rows are distributed.
 */
public final class TopicTerms extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** Words of two or more characters that begin with a letter, and may have an apostrophe. */
  private static final String WORD =
      "(?<![\\p{L}\\p{N}])\\p{L}[\\p{L}\\p{M}\\p{N}]+(?:['\u2019]\\p{L}+)*";

  private static final String C_TF_IDF = "c-tf-idf";
  private static final String BM25 = "bm25";

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> clusterCol;
  private final Param<String> outputCol;
  private final IntParam numTerms;
  private final IntParam maxNGram;
  private final IntParam minDocFreq;
  private final Param<String> weighting;
  private final StringArrayParam stopWords;
  private final Param<String> pattern;

  /** A stage with a random uid. */
  public TopicTerms() {
    this(Identifiable$.MODULE$.randomUID("topicTerms"));
  }

  /** A stage with a given uid. */
  public TopicTerms(String uid) {
    this.uid = uid;
    inputCol = StageParams.name(this, "inputCol", "column of texts (string)");
    clusterCol =
        StageParams.name(
            this,
            "clusterCol",
            "column that says a row's cluster, of any type that can be grouped by");
    outputCol = StageParams.name(this, "outputCol", "column of terms in the result");
    numTerms = StageParams.positive(this, "numTerms", "terms of a cluster, at most");
    maxNGram = StageParams.positive(this, "maxNGram", "words of a term, at most");
    minDocFreq = StageParams.positive(this, "minDocFreq", "texts that have a term, at least");
    weighting =
        StageParams.choice(
            this,
            "weighting",
            "how terms are weighed: c-tf-idf, or bm25 for texts full of common words",
            C_TF_IDF,
            BM25);
    stopWords = new StringArrayParam(this, "stopWords", "words that are in no term");
    pattern = StageParams.name(this, "pattern", "regular expression of a word");
    setDefault(inputCol, "text");
    setDefault(clusterCol, "cluster");
    setDefault(outputCol, "terms");
    setDefault(numTerms, (Object) 10);
    setDefault(maxNGram, (Object) 2);
    setDefault(minDocFreq, (Object) 1);
    setDefault(weighting, C_TF_IDF);
    setDefault(stopWords, StopWordsRemover.loadDefaultStopWords("english"));
    setDefault(pattern, WORD);
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
  public TopicTerms setInputCol(String value) {
    set(inputCol, value);
    return this;
  }

  /** Param: the column that says a row's cluster, of any type that can be grouped by. */
  public Param<String> clusterCol() {
    return clusterCol;
  }

  /** Returns the column that says a row's cluster, of any type that can be grouped by. */
  public String getClusterCol() {
    return getOrDefault(clusterCol);
  }

  /**
   * Sets the column that says a row's cluster, of any type that can be grouped by. Returns this
   * stage.
   */
  public TopicTerms setClusterCol(String value) {
    set(clusterCol, value);
    return this;
  }

  /** Param: the column of terms in the result. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** Returns the column of terms in the result. */
  public String getOutputCol() {
    return getOrDefault(outputCol);
  }

  /** Sets the column of terms in the result. Returns this stage. */
  public TopicTerms setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  /** Param: terms of a cluster, at most. */
  public IntParam numTerms() {
    return numTerms;
  }

  /** Returns terms of a cluster, at most. */
  public int getNumTerms() {
    return (Integer) getOrDefault(numTerms);
  }

  /** Sets terms of a cluster, at most. Returns this stage. */
  public TopicTerms setNumTerms(int value) {
    set(numTerms, (Object) value);
    return this;
  }

  /** Param: words of a term, at most; 1 for words alone. */
  public IntParam maxNGram() {
    return maxNGram;
  }

  /** Returns words of a term, at most; 1 for words alone. */
  public int getMaxNGram() {
    return (Integer) getOrDefault(maxNGram);
  }

  /** Sets words of a term, at most; 1 for words alone. Returns this stage. */
  public TopicTerms setMaxNGram(int value) {
    set(maxNGram, (Object) value);
    return this;
  }

  /** Param: texts, of all clusters together, that have a term, at least. */
  public IntParam minDocFreq() {
    return minDocFreq;
  }

  /** Returns texts, of all clusters together, that have a term, at least. */
  public int getMinDocFreq() {
    return (Integer) getOrDefault(minDocFreq);
  }

  /** Sets texts, of all clusters together, that have a term, at least. Returns this stage. */
  public TopicTerms setMinDocFreq(int value) {
    set(minDocFreq, (Object) value);
    return this;
  }

  /** Param: {@code c-tf-idf} or {@code bm25}. */
  public Param<String> weighting() {
    return weighting;
  }

  /** Returns {@code c-tf-idf} or {@code bm25}. */
  public String getWeighting() {
    return getOrDefault(weighting);
  }

  /** Sets {@code c-tf-idf} or {@code bm25}. Returns this stage. */
  public TopicTerms setWeighting(String value) {
    set(weighting, value);
    return this;
  }

  /**
   * Param: words that are left out, whatever their case; the default is Spark's list of English.
   */
  public StringArrayParam stopWords() {
    return stopWords;
  }

  /** Returns words that are left out, whatever their case. */
  public String[] getStopWords() {
    return getOrDefault(stopWords);
  }

  /**
   * Sets words that are left out, whatever their case; for other languages see {@link
   * StopWordsRemover#loadDefaultStopWords}. Returns this stage.
   */
  public TopicTerms setStopWords(String[] value) {
    set(stopWords, value);
    return this;
  }

  /** Param: regular expression of a word, for texts in lower case. */
  public Param<String> pattern() {
    return pattern;
  }

  /** Returns regular expression of a word, for texts in lower case. */
  public String getPattern() {
    return getOrDefault(pattern);
  }

  /** Sets regular expression of a word, for texts in lower case. Returns this stage. */
  public TopicTerms setPattern(String value) {
    set(pattern, value);
    return this;
  }

  /**
   * The result's schema: the column of clusters, and that of their terms.
   *
   * @throws IllegalArgumentException if a column is missing, the texts are no strings, or the two
   *     columns of the result have one name
   */
  @Override
  public StructType transformSchema(StructType schema) {
    requireColumn(schema, getInputCol());
    requireColumn(schema, getClusterCol());
    if (!(schema.apply(getInputCol()).dataType() instanceof StringType)) {
      throw new IllegalArgumentException(
          "column '%s' is %s, and only strings have terms; cast it to string"
              .formatted(getInputCol(), schema.apply(getInputCol()).dataType().simpleString()));
    }
    if (getOutputCol().equalsIgnoreCase(getClusterCol())) {
      throw new IllegalArgumentException(
          "outputCol and clusterCol are both '%s'; choose another outputCol"
              .formatted(getOutputCol()));
    }
    StructType term =
        new StructType()
            .add(ClassTerms.TERM, DataTypes.StringType)
            .add(ClassTerms.WEIGHT, DataTypes.DoubleType);
    return new StructType()
        .add(getClusterCol(), schema.apply(getClusterCol()).dataType())
        .add(getOutputCol(), DataTypes.createArrayType(term));
  }

  private static void requireColumn(StructType schema, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "no column '%s' in the input; it has: %s"
              .formatted(name, String.join(", ", schema.fieldNames())));
    }
  }

  /**
   * The clusters and their terms, the weightiest first, equal ones by the alphabet.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    Dataset<Row> found =
        new ClassTerms(
                getNumTerms(),
                getMaxNGram(),
                getMinDocFreq(),
                getWeighting().equals(BM25),
                List.of(getStopWords()),
                getPattern())
            .of(
                EmbedPlan.column(rows, getClusterCol()),
                EmbedPlan.column(rows, getInputCol()),
                rows);
    return found.toDF(getClusterCol(), getOutputCol()).orderBy(EmbedPlan.quoted(getClusterCol()));
  }

  @Override
  public TopicTerms copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved stages; {@code Pipeline.load} finds it by name. */
  public static MLReader<TopicTerms> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a stage saved with {@code write().save(path)}. */
  public static TopicTerms load(String path) {
    return read().load(path);
  }
}
