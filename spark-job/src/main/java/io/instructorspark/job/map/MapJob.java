package io.instructorspark.job.map;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.instructorspark.job.kmeans.ClusterRange;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.OutputFolder;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.vectors.SavedPipeline;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.page.MapPage;
import io.instructorspark.page.PageFile;
import io.instructorspark.page.Pairs;
import io.instructorspark.page.Panel;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.MapPoints;
import io.instructorspark.spark.SemanticMap;
import io.instructorspark.spark.SemanticMapModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads rows, embeds them once for each instruction, fits the maps or takes a saved one, and writes
 * the page. The driver gets axes and what the page shows.
 */
final class MapJob {
  private static final String PLACE = "_input_map_place_";

  private final Arguments arguments;
  private final SparkSession session;
  private final Phases phases = new Phases();

  /**
   * What to do.
   *
   * @param stages one for each instruction
   * @param dims axes of a map that is fitted
   * @param projector folder for TensorBoard
   */
  record Arguments(
      RowSource input,
      VectorSource vectors,
      List<InstructorEmbedder> stages,
      int dims,
      Columns columns,
      Optional<Clusters> clusters,
      PageFile page,
      Optional<Coordinates> coordinates,
      Optional<Path> projector,
      Model model) {}

  /** Columns of the input that the page shows in some way. */
  record Columns(Optional<String> id, Optional<String> color, Optional<String> pairs) {
    /** As the input spells them. */
    Columns in(InputRows input) {
      return new Columns(id.map(input::column), color.map(input::column), pairs.map(input::column));
    }
  }

  /** The clusters that points are coloured by. */
  record Clusters(ClusterRange range, long seed) {}

  /** Where coordinates go. */
  record Coordinates(String folder, CoordinatesFormat format, IfExists ifExists) {}

  /** Where a map comes from and goes to. */
  record Model(Optional<String> load, Optional<String> save, IfExists ifExists) {}

  MapJob(Arguments arguments, SparkSession session) {
    this.arguments = arguments;
    this.session = session;
  }

  MapReport run() {
    Optional<OutputFolder> folder =
        arguments
            .coordinates()
            .map(output -> OutputFolder.open(session, output.folder(), output.ifExists()));
    Model model = arguments.model();
    model.save().ifPresent(place -> SavedPipeline.requirePlace(session, place, model.ifExists()));
    Optional<SavedPipeline> saved =
        model.load().map(place -> SavedPipeline.load(session, place, SemanticMapModel.class));
    try (InputRows input = InputRows.read(session, arguments.input())) {
      Stream.of(
              Optional.of(arguments.page().path().toString()),
              arguments.coordinates().map(Coordinates::folder),
              arguments.projector().map(Path::toString),
              model.save())
          .flatMap(Optional::stream)
          .forEach(input::requireApartFrom);
      Columns columns = arguments.columns().in(input);
      if (folder.isPresent()) {
        input.requireFree(CoordinateColumns.of(arguments.stages().size()));
      }
      input.requireRows();
      MapVectors embedded = MapVectors.of(arguments, input, saved);
      try {
        return input.reading(() -> mapped(input, columns, embedded, saved, folder));
      } finally {
        embedded.data().unpersist();
      }
    }
  }

  private MapReport mapped(
      InputRows input,
      Columns columns,
      MapVectors embedded,
      Optional<SavedPipeline> saved,
      Optional<OutputFolder> folder) {
    Row counts =
        phases.time(
            "read_and_embed",
            () ->
                embedded
                    .data()
                    .agg(
                        count(lit(1)),
                        count(col(VectorRows.ERROR)),
                        count(col(quoted(embedded.vectors().get(0)))))
                    .head());
    if (counts.getLong(2) < 2 && saved.isEmpty()) {
      throw new IllegalArgumentException(
          "%d of the %d rows have a vector, and a map needs two at least: the others have a null or an error; look for them with embed, or give more rows"
              .formatted(counts.getLong(2), counts.getLong(0)));
    }
    List<SemanticMapModel> maps =
        phases.time(
            "fit",
            () ->
                IntStream.range(0, embedded.vectors().size())
                    .mapToObj(i -> map(embedded, i, saved))
                    .toList());
    MapColoring coloring =
        phases.time("color", () -> MapColoring.of(arguments, columns, embedded.of(0), input));
    Dataset<Row> placed = coloring.colored(embedded.data(), embedded.vectors().get(0));
    for (SemanticMapModel map : maps) {
      placed = map.transform(placed);
    }
    Dataset<Row> all = placed;
    Optional<String> text = input.find(arguments.vectors().textColumn());
    MapPoints points =
        phases.time(
            "points",
            () ->
                MapPoints.of(
                    all,
                    new MapPoints.Columns(
                        MapVectors.KEY, text, columns.id(), coloring.column(), columns.pairs()),
                    maps));
    Optional<PairDistances> distances =
        columns
            .pairs()
            .map(
                pair ->
                    phases.time(
                        "pairs",
                        () -> PairDistances.of(embedded.data(), pair, embedded.compared())));
    List<MapColoring.Told> told =
        phases.time(
            "separation",
            () ->
                IntStream.range(0, maps.size())
                    .mapToObj(i -> coloring.told(embedded.of(i)))
                    .toList());
    List<Panel> panels =
        IntStream.range(0, maps.size())
            .mapToObj(
                i ->
                    points.panel(
                        i,
                        embedded.instruction(i),
                        told.get(i).figures(),
                        coloring.labels(all, points, maps.get(i))))
            .toList();
    MapPage page =
        new MapPage(
            "Map",
            coloring.points(points),
            panels,
            distances.map(
                found ->
                    new Pairs(
                        points.partners(),
                        columns.pairs().orElseThrow(),
                        found.means().stream().limit(maps.size()).mapToDouble(d -> d).toArray())));
    phases.time(
        "write",
        () -> {
          arguments.page().write(page.html());
          folder.ifPresent(
              output -> {
                CoordinatesFormat format = arguments.coordinates().orElseThrow().format();
                Dataset<Row> rows = CoordinateColumns.of(embedded, maps, points);
                output.write(format.writable(rows), format::write);
              });
          arguments
              .projector()
              .ifPresent(
                  place ->
                      new ProjectorFiles(place, embedded.vectors(), MapVectors.KEY)
                          .write(
                              points.rows(),
                              Stream.of(columns.id(), text, coloring.column())
                                  .flatMap(Optional::stream)
                                  .distinct()
                                  .toList()));
          arguments.model().save().ifPresent(place -> save(place, embedded, maps.get(0)));
          return null;
        });
    return new MapReport(
        arguments,
        new MapReport.Counts(
            counts.getLong(0), points.points().total(), points.points().size(), counts.getLong(1)),
        panels,
        told,
        coloring,
        distances,
        phases);
  }

  private SemanticMapModel map(MapVectors embedded, int i, Optional<SavedPipeline> saved) {
    String vector = embedded.vectors().get(i);
    if (saved.isPresent()) {
      saved.get().requireComparable(embedded.origin(i));
      SemanticMapModel model = (SemanticMapModel) saved.get().model();
      return model.setFeaturesCol(vector).setOutputCol(PLACE + i);
    }
    return new SemanticMap()
        .setK(arguments.dims())
        .setFeaturesCol(vector)
        .setOutputCol(PLACE + i)
        .fit(embedded.data());
  }

  private void save(String place, MapVectors embedded, SemanticMapModel map) {
    SemanticMapModel last = map.copy(ParamMap.empty());
    new SavedPipeline(
            SavedPipeline.embedder(embedded.origin(0), arguments.vectors().textColumn()),
            last.setFeaturesCol(SavedPipeline.VECTOR).setOutputCol("coordinates"))
        .save(session, place);
  }
}
