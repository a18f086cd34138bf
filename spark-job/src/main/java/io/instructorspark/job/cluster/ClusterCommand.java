package io.instructorspark.job.cluster;

import io.instructorspark.job.command.RowOptions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.VectorOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.job.kmeans.ClusterFit;
import io.instructorspark.job.kmeans.ClusterRange;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.page.PageFile;
import io.instructorspark.page.PageKind;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.TopicTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.ml.feature.StopWordsRemover;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code cluster}. */
@Command(
    name = "cluster",
    description =
        "Groups rows whose vectors point the same way (k-means by cosine), and says what each group is about.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ClusterCommand implements Callable<Integer> {
  private static final String NO_STOP_WORDS = "none";

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
      paramLabel = "PATH",
      required = true,
      description = "folder of part files to write: the input's columns, cluster, distance, error")
  private String output;

  @ArgGroup(multiplicity = "1")
  private ClusterChoice clusterChoice;

  private static final class ClusterChoice {
    @Option(
        names = "--k",
        paramLabel = "N|A..B",
        description = "number of clusters, or a range, of which the highest silhouette is taken")
    private String k;

    @Option(
        names = "--load-model",
        paramLabel = "PATH",
        description = "put rows into the clusters that --save-model has saved")
    private String loadModel;
  }

  @Mixin private VectorOptions vectors;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "seed of the first centres; one seed, one result (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "fits from so many first centres, of which the best is kept (default: ${DEFAULT-VALUE})")
  private int starts;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      defaultValue = "100",
      description = "most iterations of a fit (default: ${DEFAULT-VALUE})")
  private int maxIterations;

  @Option(
      names = "--term-weighting",
      paramLabel = "W",
      defaultValue = "c-tf-idf",
      description =
          "weights of the terms that name a cluster: c-tf-idf (default), or bm25 for texts full of common words")
  private String termWeighting;

  @Option(
      names = "--stop-words",
      paramLabel = "LANGUAGE",
      defaultValue = "english",
      description =
          "words that name no cluster: those of english (default), danish, dutch, finnish, french, german, hungarian, italian, norwegian, portuguese, russian, spanish, swedish, turkish, or none")
  private String stopWords;

  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "nearest rows, and most doubtful ones, that describe a cluster (default: ${DEFAULT-VALUE})")
  private int examples;

  @Option(
      names = "--summary",
      paramLabel = "PATH",
      description =
          "folder of Parquet to write the clusters to, a row each; _clusters.json beside the rows says the same in any case")
  private String summary;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "HTML file to write that shows the clusters")
  private Path page;

  @Option(
      names = "--save-model",
      paramLabel = "PATH",
      description = "folder to save the pipeline to, for --load-model and PipelineModel.load")
  private String saveModel;

  @Mixin private RowOptions rows;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    ClusterJob.Arguments arguments = arguments();
    shared.requireRecordPlace();
    Optional<PageFile> place =
        Optional.ofNullable(page).map(path -> new PageFile(path, PageKind.CLUSTERS, "--page"));
    place.ifPresent(PageFile::requirePlace);
    shared.inSession(
        "cluster",
        session -> {
          ClusterReport report = new ClusterJob(arguments, session).run();
          place.ifPresent(file -> file.write(report.page()));
          shared.write(() -> report.record(Versions.all()));
          if (!shared.quiet()) {
            spec.commandLine().getOut().println(report.text());
          }
        });
    return 0;
  }

  private ClusterJob.Arguments arguments() {
    InstructorEmbedder stage =
        shared.applyTo(new InstructorEmbedder().setOutputType("vector"), vectors.instruction());
    Optional<ClusterFit> fit =
        shared.valid(() -> Optional.ofNullable(clusterChoice.k).map(this::fit));
    TopicTerms terms =
        shared.valid(
            () -> new TopicTerms().setWeighting(termWeighting).setStopWords(withoutWords()));
    if (examples < 0) {
      throw shared.misused("--examples must be at least 0, got " + examples);
    }
    VectorSource source = vectors.source(rows);
    if (source.embeddingColumn().isPresent() && vectors.instruction() != null) {
      throw shared.misused(
          "--embedding-column takes vectors as they are, and --instruction is for texts; leave one of them out");
    }
    if (fit.isEmpty()) {
      requireSavedAlone(stage);
    }
    return new ClusterJob.Arguments(
        rows.source(input, source.stringColumns()),
        source,
        stage,
        Optional.ofNullable(rows.idColumn()),
        fit,
        Optional.ofNullable(clusterChoice.loadModel),
        terms,
        examples,
        new ClusterJob.Output(
            output,
            rows.outputFormat(),
            rows.ifExists(),
            Optional.ofNullable(summary),
            Optional.ofNullable(saveModel)));
  }

  private ClusterFit fit(String written) {
    ClusterRange range = ClusterRange.of(written);
    if (starts < 1) {
      throw new IllegalArgumentException("--starts must be at least 1, got " + starts);
    }
    if (maxIterations < 1) {
      throw new IllegalArgumentException(
          "--max-iterations must be at least 1, got " + maxIterations);
    }
    return new ClusterFit(range, seed, starts, maxIterations);
  }

  private String[] withoutWords() {
    return stopWords.equals(NO_STOP_WORDS)
        ? new String[0]
        : StopWordsRemover.loadDefaultStopWords(stopWords);
  }

  /** What a saved pipeline brings itself may not be asked for in another way. */
  private void requireSavedAlone(InstructorEmbedder stage) {
    if (vectors.instruction() != null
        || saveModel != null
        || stage.isSet(stage.model())
        || stage.isSet(stage.compatibility())
        || stage.isSet(stage.precision())
        || stage.isSet(stage.maxLength())) {
      throw shared.misused(
          "--load-model brings its own model and instruction; leave out --instruction, --model, --compat, --precision, --max-length and --save-model");
    }
  }
}
