package io.instructorspark.spark;

import io.instructorspark.spark.RunManifest.Slice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.datasources.OutputWriter;

/**
 * Rewrites a partition of the input as slices of about equal work, and returns what they are. The
 * last column of a row is its tokens; the one before says what is wrong with the row.
 *
 * @param files writers of the rows without their tokens
 * @param run whose slices they are
 * @param tokens after which a slice ends
 */
record SliceCutter(RunFolder folder, RowFiles files, RunToken run, long tokens)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<String>>, Serializable {
  private static final int MOST_ROWS = 1_000_000;

  @Override
  public Iterator<String> call(Integer partition, Iterator<InternalRow> rows) {
    List<String> slices = new ArrayList<>();
    UnsafeProjection columns = files.columns();
    while (rows.hasNext()) {
      slices.add(
          cut(
              "slice-%s-%s-%s%s"
                  .formatted(
                      RunToken.sixDigits(partition),
                      RunToken.sixDigits(slices.size()),
                      UUID.randomUUID(),
                      files.extension()),
              rows,
              columns));
    }
    return slices.iterator();
  }

  private String cut(String name, Iterator<InternalRow> rows, UnsafeProjection columns) {
    int tokensColumn = files.schema().length();
    int problemColumn = tokensColumn - 1;
    Path path = new Path(folder.slices(run), name);
    long count = 0;
    long problems = 0;
    long work = 0;
    try {
      OutputWriter out = files.open(path);
      try {
        while (rows.hasNext() && work < tokens && count < MOST_ROWS) {
          InternalRow row = rows.next();
          out.write(columns.apply(row));
          count++;
          problems += row.isNullAt(problemColumn) ? 0 : 1;
          work += row.getLong(tokensColumn);
        }
      } finally {
        out.close();
      }
    } catch (Exception | FSError e) { // Scala's do not declare what they throw
      throw SliceWriter.explained(folder, path, e);
    }
    return RunStore.text(new Slice(name, count, problems, work));
  }
}
