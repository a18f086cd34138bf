package io.instructorspark.job.separation;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a data set by label.
 *
 * @param labels of the rows that can be used
 * @param withoutLabel rows that have none
 * @param unusable rows with a label that cannot be used
 */
record LabelCounts(Labels labels, long withoutLabel, long unusable) {
  /** Runs a job; what comes back is as large as the labels are many, up to a bound. */
  static LabelCounts of(Dataset<Row> rows) {
    List<String> names = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long withoutLabel = 0;
    long unusable = 0;
    for (Row group :
        rows.groupBy(LabelledRows.LABEL, LabelledRows.USABLE)
            .agg(count(lit(1)))
            .orderBy(LabelledRows.LABEL, LabelledRows.USABLE)
            .limit(2 * (Labels.MOST + 2))
            .collectAsList()) {
      long count = group.getLong(2);
      if (group.isNullAt(0)) {
        withoutLabel += count;
      } else if (group.getBoolean(1)) {
        names.add(group.getString(0));
        counts.add(count);
      } else {
        unusable += count;
      }
    }
    return new LabelCounts(new Labels(names, counts), withoutLabel, unusable);
  }

  RowCounts rows(long taken) {
    return new RowCounts(labels.all() + withoutLabel + unusable, withoutLabel, unusable, taken);
  }
}
