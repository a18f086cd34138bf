package io.instructorspark.job.train;

import static io.instructorspark.job.train.RecordColumns.SOURCE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.JsonNode;
import io.instructorspark.job.rows.InputFormat;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.rows.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * Finds records that hold a text of an evaluation. Two texts of three words or more are the same if
 * their words are, whatever the case, punctuation and white space; shorter ones, such as "yes", say
 * nothing about where they come from. For the driver.
 */
final class Overlap implements AutoCloseable {
  /** Whether a record holds such a text. */
  static final String OVERLAPS = "overlaps";

  private static final String KEY = "evaluation_text";
  private static final int FEWEST_WORDS = 3;
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private final SparkSession spark;
  private final Storage storage;
  private final List<Dataset<String>> texts = new ArrayList<>();
  private final List<InputRows> tables = new ArrayList<>();

  /**
   * The texts of evaluation files.
   *
   * @param matches files and folders; of JSON every text at any depth is taken, of tables every
   *     column of strings
   */
  Overlap(SparkSession spark, Storage storage, List<DataPlaces.Match> matches) {
    this.spark = spark;
    this.storage = storage;
    List<String> json = new ArrayList<>();
    for (DataPlaces.Match match : matches) {
      if (match.format() == InputFormat.JSONL) {
        match.files().stream().map(FileStatus::getPath).map(Path::toString).forEach(json::add);
      } else {
        texts.add(table(match));
      }
    }
    if (!json.isEmpty()) {
      texts.add(
          spark
              .range(0, json.size(), 1, json.size())
              .flatMap(new ReadTexts(List.copyOf(json), storage), Encoders.STRING()));
    }
  }

  /**
   * The rows with a column {@link #OVERLAPS} that is not null.
   *
   * @param trained sources below this number are trained on; the others, held out, never overlap
   * @param sides the columns of texts
   */
  Dataset<Row> mark(Dataset<Row> rows, int trained, String... sides) {
    if (texts.isEmpty()) {
      return rows.withColumn(OVERLAPS, lit(false));
    }
    UserDefinedFunction words = udf((UDF1<String, String>) Overlap::words, DataTypes.StringType);
    Dataset<Row> evaluation =
        texts.stream()
            .reduce(Dataset::union)
            .orElseThrow()
            .toDF(KEY)
            .select(words.apply(col(KEY)).as(KEY))
            .where(col(KEY).isNotNull())
            .distinct();
    Dataset<Row> marked = rows;
    Column any = lit(false);
    for (String side : sides) {
      String key = KEY + "_" + side;
      Dataset<Row> keys = evaluation.withColumnRenamed(KEY, key);
      marked =
          marked.join(keys, words.apply(marked.col(side)).equalTo(keys.col(key)), "left_outer");
      any = any.or(col(key).isNotNull());
    }
    return marked
        .withColumn(OVERLAPS, when(col(SOURCE).lt(trained), any).otherwise(lit(false)))
        .drop(Arrays.stream(sides).map(side -> KEY + "_" + side).toArray(String[]::new));
  }

  @Override
  public void close() {
    tables.forEach(InputRows::close);
  }

  /** The words of a text in lower case; null where they are fewer than three. */
  static String words(String text) {
    if (text == null) {
      return null;
    }
    String words = NO_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    return words.chars().filter(c -> c == ' ').count() < FEWEST_WORDS - 1 ? null : words;
  }

  private Dataset<String> table(DataPlaces.Match match) {
    InputRows rows =
        InputRows.read(spark, RowSource.of(match.path().toString()).withFormat(match.format()));
    tables.add(rows);
    List<Dataset<String>> columns = new ArrayList<>();
    for (StructField field : rows.data().schema().fields()) {
      if (field.dataType() instanceof StringType
          && !field.name().equals(InputRows.PROBLEM_COLUMN)) {
        columns.add(
            rows.data()
                .select(rows.data().col("`%s`".formatted(field.name().replace("`", "``"))))
                .as(Encoders.STRING()));
      }
    }
    return columns.stream()
        .reduce(Dataset::union)
        .orElseThrow(
            () ->
                new PreparationException(
                    "exclude: %s has no column of texts".formatted(Storage.shown(match.path()))));
  }

  /** What travels to the executors: all texts of the JSON file of an index. */
  private record ReadTexts(List<String> files, Storage storage)
      implements FlatMapFunction<Long, String> {
    @Override
    public Iterator<String> call(Long index) {
      Path file = new Path(files.get(Math.toIntExact(index)));
      JsonRecords values = TaskFiles.json(storage, file);
      return new Iterator<>() {
        private Iterator<String> texts = List.<String>of().iterator();

        @Override
        public boolean hasNext() {
          while (!texts.hasNext() && values.hasNext()) {
            texts = texts(file, values.next()).iterator();
          }
          return texts.hasNext();
        }

        @Override
        public String next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return texts.next();
        }
      };
    }

    private static List<String> texts(Path file, JsonRecords.Value value) {
      if (value.problem() != null) {
        throw new PreparationException(
            "exclude: %s, %s: %s"
                .formatted(Storage.shown(file), value.place().shown(), value.problem()));
      }
      List<String> texts = new ArrayList<>();
      collect(value.node(), texts);
      return texts;
    }

    private static void collect(JsonNode node, List<String> texts) {
      if (node.isTextual()) {
        texts.add(node.asText());
      }
      node.forEach(child -> collect(child, texts));
    }
  }
}
