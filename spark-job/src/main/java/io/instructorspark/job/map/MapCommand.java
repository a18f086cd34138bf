package io.instructorspark.job.map;

import io.instructorspark.job.command.Places;
import io.instructorspark.job.command.RowOptions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.job.kmeans.ClusterRange;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.page.PageFile;
import io.instructorspark.page.PageKind;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code map}. */
@Command(
    name = "map",
    description =
        "Lays texts out as points on a page, near each other where an instruction has them alike; several instructions side by side.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class MapCommand implements Callable<Integer> {
  private static final int USUAL_AXES = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description =
          "csv or tsv (with header), jsonl, txt (one text a line) or parquet, also .gz, .bz2, .zst; a file, folder or glob")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "HTML file to write: one page that needs nothing else")
  private Path output;

  @Option(
      names = "--instruction",
      paramLabel = "S",
      description =
          "instruction of all texts, with its final space; @name takes a named one; given several times, the page has a map for each, turned to the first; default: none")
  private List<String> instructions = List.of();

  @Option(
      names = "--embedding-column",
      paramLabel = "C",
      description = "column of ready vectors, in place of texts")
  private String embeddingColumn;

  @Option(names = "--dims", paramLabel = "2|3", description = "axes of a map (default: 2)")
  private Integer dims;

  @Option(
      names = "--color-column",
      paramLabel = "C",
      description =
          "column that points are coloured by; how well the maps' vectors tell its values apart is said")
  private String colorColumn;

  @Option(
      names = "--clusters",
      paramLabel = "N|A..B",
      description =
          "colour by so many k-means clusters of the first instruction's vectors, whose terms are written on the map; of a range the highest silhouette is taken")
  private String clusters;

  @Option(
      names = "--pairs",
      paramLabel = "C",
      description =
          "column whose value two rows share that are a pair: draws lines between them, and says how far they lie apart with and without instruction")
  private String pairs;

  @Option(
      names = "--coordinates",
      paramLabel = "PATH",
      description =
          "folder of part files to write: the input's columns, and the coordinates of each map")
  private String coordinates;

  @Option(
      names = "--coordinates-format",
      paramLabel = "F",
      defaultValue = "parquet",
      description = "format of the coordinates: parquet (default), jsonl or csv")
  private CoordinatesFormat coordinatesFormat;

  @Option(
      names = "--projector",
      paramLabel = "DIR",
      description =
          "folder to write vectors and columns to as TensorBoard's embedding projector reads them")
  private Path projector;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "seed of the first centres of --clusters (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--save-model",
      paramLabel = "PATH",
      description =
          "folder to save the map of one instruction to, for --load-model and PipelineModel.load")
  private String saveModel;

  @Option(
      names = "--load-model",
      paramLabel = "PATH",
      description = "lay texts out on the map that --save-model has saved")
  private String loadModel;

  @Mixin private RowOptions rows;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    MapJob.Arguments arguments = arguments();
    shared.requireRecordPlace();
    arguments.page().requirePlace();
    if (projector != null) {
      ProjectorFiles.requirePlace(projector);
    }
    shared.inSession(
        "map",
        session -> {
          MapReport report = new MapJob(arguments, session).run();
          shared.write(() -> report.record(Versions.all()));
          if (!shared.quiet()) {
            spec.commandLine().getOut().println(report.text());
          }
        });
    return 0;
  }

  private MapJob.Arguments arguments() {
    if (dims != null && dims != 2 && dims != 3) {
      throw shared.misused("--dims must be 2 or 3, got " + dims);
    }
    shared.requireApart(
        new Places()
            .and("--output", output)
            .and("--coordinates", coordinates)
            .and("--projector", projector)
            .and("--save-model", saveModel));
    if (spec.commandLine().getParseResult().hasMatchedOption("--output-format")) {
      throw shared.misused(
          "map writes a page; --coordinates-format is the format of --coordinates, in place of --output-format");
    }
    if (new HashSet<>(instructions).size() < instructions.size()) {
      throw shared.misused("the same --instruction is given twice; leave one of them out");
    }
    if (embeddingColumn != null && !instructions.isEmpty()) {
      throw shared.misused(
          "--embedding-column takes vectors as they are, and --instruction is for texts; leave one of them out");
    }
    if (colorColumn != null && clusters != null) {
      throw shared.misused("points have one colour: leave out --color-column or --clusters");
    }
    if (instructions.size() > 1 && saveModel != null) {
      throw shared.misused(
          "--save-model keeps the map of one instruction, and there are %d; give one --instruction"
              .formatted(instructions.size()));
    }
    List<InstructorEmbedder> stages =
        (instructions.isEmpty() ? List.of("") : instructions)
            .stream()
                .map(instruction -> shared.applyTo(new InstructorEmbedder(), instruction))
                .toList();
    if (loadModel != null) {
      requireSavedAlone(stages.get(0));
    }
    VectorSource source = new VectorSource(rows.textColumn(), Optional.ofNullable(embeddingColumn));
    Optional<ClusterRange> range =
        shared.valid(() -> Optional.ofNullable(clusters).map(ClusterRange::of));
    return new MapJob.Arguments(
        rows.source(input, source.stringColumns()),
        source,
        stages,
        dims == null ? USUAL_AXES : dims,
        new MapJob.Columns(
            Optional.ofNullable(rows.idColumn()),
            Optional.ofNullable(colorColumn),
            Optional.ofNullable(pairs)),
        range.map(numbers -> new MapJob.Clusters(numbers, seed)),
        new PageFile(output, PageKind.MAP, "--output"),
        Optional.ofNullable(coordinates)
            .map(folder -> new MapJob.Coordinates(folder, coordinatesFormat, rows.ifExists())),
        Optional.ofNullable(projector),
        new MapJob.Model(
            Optional.ofNullable(loadModel), Optional.ofNullable(saveModel), rows.ifExists()));
  }

  /** What a saved map brings itself may not be asked for in another way. */
  private void requireSavedAlone(InstructorEmbedder stage) {
    if (!instructions.isEmpty()
        || dims != null
        || saveModel != null
        || stage.isSet(stage.model())
        || stage.isSet(stage.compatibility())
        || stage.isSet(stage.precision())
        || stage.isSet(stage.maxLength())) {
      throw shared.misused(
          "--load-model brings its own model, instruction and axes; leave out --instruction, --dims, --model, --compat, --precision, --max-length and --save-model");
    }
  }
}
