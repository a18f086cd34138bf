package io.instructorspark.spark;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.ml.feature.NGram;
import org.apache.spark.ml.feature.RegexTokenizer;
import org.apache.spark.ml.feature.StopWordsRemover;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Class-based TF-IDF on data frames; see {@link TopicTerms}.
 *
 * @param numTerms terms of a cluster, at most
 * @param maxNGram words of a term, at most
 * @param minDocFreq texts that have a term, at least
 * @param bm25 whether rarity is that of BM25
 * @param stopWords words that are left out
 * @param pattern regular expression of a word
 */
record ClassTerms(
    int numTerms,
    int maxNGram,
    int minDocFreq,
    boolean bm25,
    List<String> stopWords,
    String pattern) {
  private static final String CLUSTER = "_topic_cluster";
  private static final String TEXT = "_topic_text";
  private static final String WORDS = "_topic_words";
  private static final String KEPT = "_topic_kept";
  private static final String GRAMS = "_topic_grams_";
  private static final String TERMS = "_topic_terms";
  static final String TERM = "term";
  static final String WEIGHT = "weight";
  private static final String TIMES = "times";
  private static final String OF_TERM = "of_term";
  private static final String OF_CLUSTER = "of_cluster";
  private static final String MEAN = "mean";
  private static final String RANK = "rank";

  /** Each cluster of the rows, in no order, and its terms. */
  Dataset<Row> of(Column cluster, Column text, Dataset<Row> rows) {
    Dataset<Row> texts = rows.where(cluster.isNotNull()).select(cluster.as(CLUSTER), text.as(TEXT));
    Dataset<Row> best = best(weights(counts(terms(texts))));
    Column none = expr("cast(array() AS array<struct<term: string, weight: double>>)");
    return texts
        .select(CLUSTER)
        .distinct()
        .join(best, new String[] {CLUSTER}, "left")
        .select(col(CLUSTER), coalesce(col(TERMS), none));
  }

  /** A row for each text: its cluster, and all its terms as often as they occur. */
  private Dataset<Row> terms(Dataset<Row> texts) {
    String[] left =
        stopWords.stream().map(word -> word.toLowerCase(Locale.ROOT)).toArray(String[]::new);
    Dataset<Row> words =
        new RegexTokenizer()
            .setInputCol(TEXT)
            .setOutputCol(WORDS)
            .setGaps(false)
            .setPattern(pattern)
            .transform(texts.where(col(TEXT).isNotNull()));
    Dataset<Row> grams =
        new StopWordsRemover()
            .setInputCol(WORDS)
            .setOutputCol(KEPT)
            .setCaseSensitive(true)
            .setStopWords(left)
            .transform(words);
    for (int n = 2; n <= maxNGram; n++) {
      grams = new NGram().setN(n).setInputCol(KEPT).setOutputCol(GRAMS + n).transform(grams);
    }
    Column[] all =
        IntStream.rangeClosed(1, maxNGram)
            .mapToObj(n -> col(n == 1 ? KEPT : GRAMS + n))
            .toArray(Column[]::new);
    return grams.select(col(CLUSTER), concat(all).as(TERMS));
  }

  /** How often each term occurs in each cluster, without rare terms. */
  private Dataset<Row> counts(Dataset<Row> texts) {
    Dataset<Row> counts =
        texts
            .select(col(CLUSTER), explode(col(TERMS)).as(TERM))
            .groupBy(CLUSTER, TERM)
            .agg(count(lit(1)).as(TIMES));
    if (minDocFreq == 1) {
      return counts;
    }
    Dataset<Row> frequent =
        texts
            .select(explode(array_distinct(col(TERMS))).as(TERM))
            .groupBy(TERM)
            .agg(count(lit(1)).as(TIMES))
            .where(col(TIMES).geq(minDocFreq))
            .select(TERM);
    return counts.join(frequent, new String[] {TERM}, "left_semi");
  }

  private Dataset<Row> weights(Dataset<Row> counts) {
    Dataset<Row> ofTerm = counts.groupBy(TERM).agg(sum(TIMES).as(OF_TERM));
    Dataset<Row> ofCluster = counts.groupBy(CLUSTER).agg(sum(TIMES).as(OF_CLUSTER));
    Dataset<Row> mean = ofCluster.agg(avg(OF_CLUSTER).as(MEAN));
    Column rarity =
        bm25
            ? col(MEAN).minus(col(OF_TERM)).plus(0.5).divide(col(OF_TERM).plus(0.5))
            : col(MEAN).divide(col(OF_TERM));
    Column share = col(TIMES).divide(col(OF_CLUSTER));
    return counts
        .join(ofTerm, TERM)
        .join(broadcast(ofCluster), CLUSTER)
        .crossJoin(broadcast(mean))
        .select(col(CLUSTER), col(TERM), share.multiply(log1p(rarity)).as(WEIGHT))
        .where(col(WEIGHT).gt(0));
  }

  private Dataset<Row> best(Dataset<Row> weights) {
    return weights
        .withColumn(
            RANK,
            row_number()
                .over(Window.partitionBy(CLUSTER).orderBy(col(WEIGHT).desc(), col(TERM).asc())))
        .where(col(RANK).leq(numTerms))
        .groupBy(CLUSTER)
        .agg(sort_array(collect_list(struct(RANK, TERM, WEIGHT))).as(TERMS))
        .withColumn(
            TERMS,
            expr(
                "transform(%s, t -> struct(t.term AS term, t.weight AS weight))".formatted(TERMS)));
  }
}
