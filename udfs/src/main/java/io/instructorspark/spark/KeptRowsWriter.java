package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.types.StructType;

/**
 * Writes a partition of rows that have their vectors already into a part file.
 *
 * @param vectorColumn place of the vector
 * @param errorColumn place of the error; -1 where the output has none
 * @param truncatedColumn place of the truncation's flag; -1 where the output has none
 */
record KeptRowsWriter(
    RunFolder folder, RowFiles files, int vectorColumn, int errorColumn, int truncatedColumn)
    implements FlatMapFunction<Iterator<InternalRow>, String>, Serializable {

  static KeptRowsWriter of(RunFolder folder, RunColumns columns, RowFiles files) {
    StructType schema = files.schema();
    EmbedColumns names = columns.plan().columns();
    return new KeptRowsWriter(
        folder,
        files,
        schema.fieldIndex(names.vector()),
        names.error().map(schema::fieldIndex).orElse(-1),
        names.truncated().map(schema::fieldIndex).orElse(-1));
  }

  @Override
  public Iterator<String> call(Iterator<InternalRow> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    String name = "%skept-%s%s".formatted(PartFile.PREFIX, UUID.randomUUID(), files.extension());
    Path path = folder.part(name);
    UnsafeProjection columns = files.columns();
    long written = 0;
    long vectors = 0;
    long errors = 0;
    long truncated = 0;
    try {
      OutputWriter out = files.open(path);
      try {
        while (rows.hasNext()) {
          InternalRow row = rows.next();
          out.write(columns.apply(row));
          written++;
          vectors += row.isNullAt(vectorColumn) ? 0 : 1;
          errors += errorColumn < 0 || row.isNullAt(errorColumn) ? 0 : 1;
          truncated += truncatedColumn >= 0 && row.getBoolean(truncatedColumn) ? 1 : 0;
        }
      } finally {
        out.close();
      }
      long length = folder.store().length(path);
      PartFile part = new PartFile(0, name, length, written, vectors, errors, truncated, 0);
      return List.of(RunStore.text(part)).iterator();
    } catch (Exception | FSError e) { // Scala's do not declare what they throw
      throw SliceWriter.explained(folder, path, e);
    }
  }
}
