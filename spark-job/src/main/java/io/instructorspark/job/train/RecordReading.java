package io.instructorspark.job.train;

import io.instructorspark.job.rows.InputFormat;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.rows.Storage;
import io.instructorspark.job.train.RecordMaker.Place;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads the files of a recipe as rows of {@link RecordColumns}: JSON files one by one, each in one
 * task and one record at a time; tables as every command reads them. For the driver; {@link #close}
 * ends what was opened for tables.
 */
final class RecordReading implements AutoCloseable {
  private final SparkSession spark;
  private final Storage storage;
  private final List<String> files = new ArrayList<>();
  private final List<JsonFile> jsonFiles = new ArrayList<>();
  private final List<Dataset<Row>> parts = new ArrayList<>();
  private final List<InputRows> tables = new ArrayList<>();

  RecordReading(SparkSession spark, Storage storage) {
    this.spark = spark;
    this.storage = storage;
  }

  /**
   * Adds an entry of the recipe.
   *
   * @param source its place
   * @throws PreparationException if a file is of no known format, or its columns of no record's
   */
  void add(DataSource data, int source, List<DataPlaces.Match> matches) {
    for (DataPlaces.Match match : matches) {
      InputFormat format = match.format();
      switch (format) {
        case JSONL -> {
          for (FileStatus file : match.files()) {
            requireJson(file.getPath());
            RecordMaker maker =
                RecordMaker.of(data, source, number(file.getPath()), match.origin());
            jsonFiles.add(new JsonFile(file.getPath().toString(), maker));
          }
        }
        case TXT ->
            throw new PreparationException(
                "%s holds texts alone, and a record is at least two: give json, jsonl, csv, tsv or parquet with %s"
                    .formatted(Storage.shown(match.path()), RecordFormat.expected()));
        default -> parts.add(table(data, source, match, format));
      }
    }
  }

  /** Number of a file from 0, as rows hold it: index in {@link #files}. */
  private int number(Path path) {
    files.add(Storage.shown(path));
    return files.size() - 1;
  }

  /** The files or folders that rows come from, as messages name them. */
  List<String> files() {
    return List.copyOf(files);
  }

  /** All records. */
  Dataset<Row> records() {
    List<Dataset<Row>> all = new ArrayList<>(parts);
    if (!jsonFiles.isEmpty()) {
      int count = jsonFiles.size();
      all.add(
          spark
              .range(0, count, 1, count)
              .flatMap(
                  new ReadJson(List.copyOf(jsonFiles), storage),
                  Encoders.row(RecordColumns.SCHEMA)));
    }
    return all.stream().reduce(Dataset::union).orElseThrow();
  }

  @Override
  public void close() {
    tables.forEach(InputRows::close);
  }

  private static void requireJson(Path file) {
    if (InputFormat.ofPath(file.getName()) != InputFormat.JSONL) {
      throw new PreparationException(
          "%s is not JSON, as the first file of its folder is: keep one format in a folder"
              .formatted(Storage.shown(file)));
    }
  }

  private Dataset<Row> table(
      DataSource data, int source, DataPlaces.Match match, InputFormat format) {
    InputRows rows =
        InputRows.read(spark, RowSource.of(match.path().toString()).withFormat(format));
    tables.add(rows);
    String shown = Storage.shown(match.path());
    RecordFormat found =
        RecordFormat.of(rows.columns())
            .filter(record -> record != RecordFormat.MEDI)
            .orElseThrow(
                () ->
                    new PreparationException(
                        "%s has the columns %s; expected %s (records of query, pos and neg are read from json and jsonl)"
                            .formatted(
                                shown,
                                String.join(", ", rows.columns()),
                                RecordFormat.expected())));
    data.format()
        .filter(given -> given != found)
        .ifPresent(
            given -> {
              throw new PreparationException(
                  "%s has the columns of %s (%s) where the recipe says %s (%s)"
                      .formatted(shown, found, found.fields(), given, given.fields()));
            });
    rows.requireColumns(
        found == RecordFormat.PAIRS ? List.of("text_a", "text_b") : List.of("text", "label"));
    RecordMaker maker = RecordMaker.of(data, source, number(match.path()), match.origin());
    List<String> names = List.of(rows.data().columns());
    String[] asText =
        names.stream()
            .map(name -> "CAST(`%s` AS STRING) AS `%s`".formatted(quoted(name), quoted(name)))
            .toArray(String[]::new);
    return rows.data()
        .selectExpr(asText)
        .mapPartitions(new ReadTable(maker, found, names), Encoders.row(RecordColumns.SCHEMA));
  }

  private static String quoted(String name) {
    return name.replace("`", "``");
  }

  /** A JSON file and how its records become rows. */
  private record JsonFile(String path, RecordMaker maker) implements java.io.Serializable {}

  /** What travels to the executors for JSON files: reads the one of an index. */
  private record ReadJson(List<JsonFile> files, Storage storage)
      implements FlatMapFunction<Long, Row> {
    @Override
    public Iterator<Row> call(Long index) throws Exception {
      JsonFile file = files.get(Math.toIntExact(index));
      JsonRecords values = TaskFiles.json(storage, new Path(file.path()));
      RecordMaker maker = file.maker();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return values.hasNext();
        }

        @Override
        public Row next() {
          JsonRecords.Value value = values.next();
          return value.problem() == null
              ? maker.json(value.place(), value.node())
              : maker.unreadable(value.place(), value.problem());
        }
      };
    }
  }

  /** What travels to the executors for tables. */
  private record ReadTable(RecordMaker maker, RecordFormat format, List<String> names)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      long[] number = new long[1];
      int problem = names.indexOf(InputRows.PROBLEM_COLUMN);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public Row next() {
          Row row = rows.next();
          number[0]++;
          Place place = new Place(number[0], "row " + number[0]);
          if (!row.isNullAt(problem)) {
            return maker.unreadable(place, row.getString(problem));
          }
          return maker.columns(
              place,
              format,
              name -> {
                int column = names.indexOf(name);
                return column < 0 || row.isNullAt(column) ? null : row.getString(column);
              });
        }
      };
    }
  }
}
