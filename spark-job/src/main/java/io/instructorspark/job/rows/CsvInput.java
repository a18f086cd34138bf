package io.instructorspark.job.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads csv and tsv: one file is one partition, every column is a string. */
final class CsvInput {
  private CsvInput() {}

  static Dataset<Row> read(
      SparkSession spark, Storage storage, InputFiles input, CsvDialect dialect) {
    List<String> header = sharedHeader(storage, input, dialect);
    ColumnNames.of(spark, input.input(), header);
    List<String> files = input.paths().stream().map(Path::toString).toList();
    return spark
        .range(0, files.size(), 1, files.size())
        .flatMap(new ReadFile(files, header, dialect, storage), Encoders.row(schema(header)));
  }

  private static StructType schema(List<String> header) {
    StructType schema = new StructType();
    for (String column : header) {
      schema = schema.add(column, DataTypes.StringType);
    }
    return schema.add(InputRows.PROBLEM_COLUMN, DataTypes.StringType);
  }

  /** The header all files share; the first line of every file is looked at on the driver. */
  private static List<String> sharedHeader(Storage storage, InputFiles input, CsvDialect dialect) {
    List<Path> files = input.paths();
    List<String> header = header(storage, files.get(0), dialect);
    for (Path file : files.subList(1, files.size())) {
      List<String> other = header(storage, file, dialect);
      if (!other.equals(header)) {
        throw new InputException(
            "the files of one input need one header, but %s has (%s) and %s has (%s): read them one by one, or make their headers equal"
                .formatted(
                    Storage.shown(files.get(0)),
                    String.join(", ", header),
                    Storage.shown(file),
                    String.join(", ", other)));
      }
    }
    return header;
  }

  private static List<String> header(Storage storage, Path file, CsvDialect dialect) {
    try (CsvRecords records = CsvRecords.open(storage, file, dialect)) {
      Utf8[] fields =
          records
              .next()
              .orElseThrow(
                  () ->
                      new InputException(
                          "%s is empty: it has no header line".formatted(Storage.shown(file))))
              .fields();
      List<String> names = new ArrayList<>();
      for (Utf8 field : fields) {
        names.add(name(file, field, names));
      }
      return List.copyOf(names);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  private static String name(Path file, Utf8 field, List<String> earlier) {
    int column = earlier.size() + 1;
    if (field == null || field.text().isBlank()) {
      throw new InputException(
          "%s: column %d of the header has no name; it begins with: %s. Give every column a name (pandas: index=False leaves out the nameless index)"
              .formatted(Storage.shown(file), column, String.join(", ", earlier)));
    }
    if (!field.isValid()) {
      throw new InputException(
          "%s: column %d of the header, '%s', is not UTF-8: convert the file first (iconv -f ISO-8859-1 -t UTF-8 IN > OUT, or what it is written in)"
              .formatted(Storage.shown(file), column, field.text()));
    }
    if (earlier.contains(field.text())) {
      throw new InputException(
          "%s has two columns named '%s' (columns %d and %d of the header): rename one of them"
              .formatted(
                  Storage.shown(file), field.text(), earlier.indexOf(field.text()) + 1, column));
    }
    return field.text();
  }

  /** What travels to the executors: reads the file of one index. */
  private record ReadFile(
      List<String> files, List<String> header, CsvDialect dialect, Storage storage)
      implements FlatMapFunction<Long, Row> {

    @Override
    public Iterator<Row> call(Long index) {
      return CsvRows.open(storage, new Path(files.get(Math.toIntExact(index))), dialect, header);
    }
  }
}
