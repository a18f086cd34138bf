package io.instructorspark.job.neighbors;

import io.instructorspark.job.command.RowOptions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.VectorOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code neighbors}. */
@Command(
    name = "neighbors",
    description =
        "Finds the most similar rows of a corpus for each row of the queries, or of the corpus itself, or for one text.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class NeighborsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--corpus",
      paramLabel = "PATH",
      required = true,
      description =
          "rows to search: csv or tsv (with header), jsonl, txt (one text a line) or parquet, also .gz, .bz2, .zst; a file, folder or glob")
  private String corpus;

  @ArgGroup private QueryChoice queryChoice;

  private static final class QueryChoice {
    @Option(
        names = "--queries",
        paramLabel = "PATH",
        description =
            "rows to find neighbors for; default: those of the corpus, each without itself")
    private String queries;

    @Option(
        names = "--query",
        paramLabel = "TEXT",
        description = "one text to find neighbors for: prints a table")
    private String query;
  }

  @Option(
      names = "--output",
      paramLabel = "PATH",
      description = "folder of part files to write; not with --query")
  private String output;

  @Mixin private VectorOptions vectors;

  @Option(
      names = "--query-instruction",
      paramLabel = "S",
      description =
          "instruction of the queries, where it is another one; default: that of --instruction")
  private String queryInstruction;

  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "10",
      description = "neighbors of a row, at most (default: ${DEFAULT-VALUE})")
  private int k;

  @Option(
      names = "--min-similarity",
      paramLabel = "X",
      description = "leave out neighbors that are less similar, from -1 to 1 (default: -1)")
  private Double minSimilarity;

  @Option(
      names = "--center",
      description = "take the corpus' mean off all vectors first, which spreads their cosines")
  private boolean center;

  @Option(
      names = "--groups",
      description =
          "write no neighbors, but for each row of the corpus the group of rows that are linked by similarities of at least --min-similarity: near duplicates")
  private boolean groups;

  @ArgGroup private AlgorithmChoice algorithm;

  private static final class AlgorithmChoice {
    @Option(names = "--exact", description = "compare all pairs, as is done without it")
    private boolean exact;

    @Option(
        names = "--approximate",
        description =
            "compare each row with the nearest parts of the corpus alone; how many of the exact neighbors that finds is measured and said")
    private boolean approximate;
  }

  @Mixin private RowOptions rows;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    NeighborsJob.Arguments arguments = arguments();
    shared.requireRecordPlace();
    shared.inSession(
        "neighbors",
        session -> {
          NeighborsReport report = new NeighborsJob(arguments, session).run();
          shared.write(() -> report.record(Versions.all()));
          if (report.isAnswer() || !shared.quiet()) {
            spec.commandLine().getOut().println(report.text());
          }
        });
    return 0;
  }

  private NeighborsJob.Arguments arguments() {
    Optional<String> query = Optional.ofNullable(queryChoice).map(choice -> choice.query);
    Optional<String> queries = Optional.ofNullable(queryChoice).map(choice -> choice.queries);
    if (query.isPresent() == (output != null)) {
      throw shared.misused(
          query.isPresent()
              ? "--query prints a table and writes no --output; leave one of them out"
              : "where do the neighbors go? Give --output, or one text with --query");
    }
    if (k < 1) {
      throw shared.misused("--k must be at least 1, got " + k);
    }
    if (minSimilarity != null && !(minSimilarity >= -1 && minSimilarity <= 1)) {
      throw shared.misused("--min-similarity must be from -1 to 1, got " + minSimilarity);
    }
    if (groups && (queryChoice != null || minSimilarity == null)) {
      throw shared.misused(
          queryChoice == null
              ? "--groups needs --min-similarity, from which on two rows belong together; 0.95 is a start"
              : "--groups is of the corpus itself: leave out --queries and --query");
    }
    VectorSource source = vectors.source(rows);
    return new NeighborsJob.Arguments(
        rows.source(corpus, source.stringColumns()),
        queries.map(path -> rows.source(path, source.stringColumns())),
        query,
        source,
        shared.applyTo(new InstructorEmbedder(), vectors.instruction()),
        shared.applyTo(
            new InstructorEmbedder(),
            queryInstruction == null ? vectors.instruction() : queryInstruction),
        Optional.ofNullable(rows.idColumn()),
        new NeighborsJob.Search(
            k,
            Optional.ofNullable(minSimilarity),
            center,
            algorithm != null && algorithm.approximate,
            groups),
        Optional.ofNullable(output)
            .map(folder -> new NeighborsJob.Output(folder, rows.outputFormat(), rows.ifExists())));
  }
}
