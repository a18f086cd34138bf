package io.instructorspark.job.compare;

import io.instructorspark.job.command.InputOptions;
import io.instructorspark.job.command.Places;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.job.separation.Separation;
import io.instructorspark.page.PageFile;
import io.instructorspark.page.PageKind;
import io.instructorspark.spark.InstructionCatalog;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code compare}. */
@Command(
    name = "compare",
    description =
        "Scores instructions by how well the vectors of labelled texts tell the labels apart, against no instruction and a wrong one, and says which differences are more than noise.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description =
          "rows with labels: csv or tsv (with header), jsonl or parquet, also .gz, .bz2, .zst; a file, folder or glob")
  private String input;

  @Option(
      names = "--label-column",
      paramLabel = "C",
      required = true,
      description = "column of labels: strings, numbers, booleans or dates")
  private String labelColumn;

  @Option(
      names = "--instruction",
      paramLabel = "S",
      description =
          "instruction to compare, with its final space; @name takes a named one; give it several times")
  private List<String> instructions = List.of();

  @Option(
      names = "--embedding-column",
      paramLabel = "C",
      description =
          "column of ready vectors to compare, in place of instructions; give it several times")
  private List<String> columns = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "HTML page to write; replaces only such a page")
  private Path output;

  @Option(
      names = "--scores",
      paramLabel = "FILE",
      description = "write the scores as JSON lines, one for each instruction")
  private Path scores;

  @Option(
      names = "--wrong-instruction",
      paramLabel = "S",
      description =
          "the control that should do no better than none; default: " + WrongInstruction.RULE)
  private String wrong;

  @Mixin private SuggestOptions suggesting;

  @Option(
      names = "--folds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "parts of the rows for cross-validated accuracy (default: ${DEFAULT-VALUE}); 0 leaves accuracy out")
  private int folds;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "1000",
      description = "resamples of the rows, for intervals (default: ${DEFAULT-VALUE})")
  private int resamples;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "" + Separation.MOST_ROWS,
      description =
          "of more rows about so many are scored, taken by a hash of the row (default: ${DEFAULT-VALUE})")
  private long sample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "seed of the sample, the folds and the resamples; one seed, one result (default: ${DEFAULT-VALUE})")
  private long seed;

  @Mixin private InputOptions rows;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    CompareJob.Arguments arguments = arguments();
    shared.requireRecordPlace();
    page().requirePlace();
    if (scores != null) {
      ScoreLines.requirePlace(scores);
    }
    ScoringLine line =
        new ScoringLine(
            shared.general().drawsProgress() ? Optional.of(System.err) : Optional.empty());
    shared.inSession(
        "compare",
        session -> {
          CompareReport report = new CompareJob(arguments, session, line).run();
          page().write(ComparePage.of(report).html());
          if (scores != null) {
            ScoreLines.write(scores, report.parts());
          }
          shared.write(() -> report.record(Versions.all()));
          if (!shared.quiet()) {
            spec.commandLine().getOut().println(report.text());
          }
        });
    return 0;
  }

  private PageFile page() {
    return new PageFile(output, PageKind.COMPARISON, "--output");
  }

  private CompareJob.Arguments arguments() {
    Optional<CompareJob.Texts> texts =
        columns.isEmpty() ? Optional.of(shared.valid(this::texts)) : ofColumns();
    if (sample < 1) {
      throw shared.misused("--sample must be at least 1, got " + sample);
    }
    shared.requireApart(new Places().and("--output", output).and("--scores", scores));
    return new CompareJob.Arguments(
        texts.isPresent() ? rows.source(input, rows.textColumn()) : rows.source(input),
        labelColumn,
        texts,
        columns,
        shared.valid(
            () ->
                new CompareJob.Settings(
                    new CrossValidation(folds), new Bootstrap(resamples, seed), sample)),
        new CompareJob.Output(output.toString(), Optional.ofNullable(scores).map(Path::toString)));
  }

  private Optional<CompareJob.Texts> ofColumns() {
    if (!instructions.isEmpty()
        || wrong != null
        || suggesting.suggest()
        || !suggesting.suggestions().isEmpty()) {
      throw shared.misused(
          "--embedding-column takes vectors as they are, and --instruction, --wrong-instruction and --suggest are for texts; leave one or the other out");
    }
    if (columns.size() < 2) {
      throw shared.misused(
          "one column of vectors has nothing to be compared with; give --embedding-column twice at least");
    }
    return Optional.empty();
  }

  private CompareJob.Texts texts() {
    InstructorEmbedder stage = shared.applyTo(new InstructorEmbedder());
    List<String> given = instructions.stream().map(InstructionCatalog.current()::resolve).toList();
    requireDistinct(given);
    List<Candidate> tried = new ArrayList<>();
    given.stream().filter(one -> !one.isEmpty()).map(Candidate::given).forEach(tried::add);
    if (suggesting.suggest()) {
      tried.addAll(suggesting.suggestions().with(InstructionCatalog.current().all()));
    } else if (!suggesting.suggestions().isEmpty()) {
      throw shared.misused("--domain, --text-type and --objective are for --suggest; give it too");
    } else if (given.size() < 2) {
      throw shared.misused(
          "give --instruction twice at least (--instruction \"\" is none), or --suggest to have some tried");
    }
    return new CompareJob.Texts(
        rows.textColumn(),
        stage,
        Candidates.of(tried, wrong(tried)),
        wrong != null,
        suggesting.suggest());
  }

  private void requireDistinct(List<String> given) {
    for (int i = 0; i < given.size(); i++) {
      int first = given.indexOf(given.get(i));
      if (first < i) {
        throw shared.misused(
            instructions.get(first).equals(instructions.get(i))
                ? "--instruction \"%s\" is given twice; leave one of them out"
                    .formatted(given.get(i))
                : "%s and %s are the same instruction, \"%s\"; leave one of them out"
                    .formatted(instructions.get(first), instructions.get(i), given.get(i)));
      }
    }
  }

  /** Named instructions of all domains do not count: a wrong one would have to avoid them all. */
  private String wrong(List<Candidate> tried) {
    List<String> given =
        tried.stream()
            .filter(one -> one.kind() != Candidate.Kind.NAMED)
            .map(one -> one.instruction().orElseThrow())
            .toList();
    if (wrong == null) {
      return WrongInstruction.against(given);
    }
    String resolved = InstructionCatalog.current().resolve(wrong);
    if (resolved.isEmpty() || given.contains(resolved)) {
      throw shared.misused(
          resolved.isEmpty()
              ? "--wrong-instruction is empty, which is the other control; give a sentence, or leave it out"
              : "--wrong-instruction \"%s\" is one of those that are compared; give another"
                  .formatted(resolved));
    }
    return resolved;
  }
}
