package io.instructorspark.job.evaluate;

import io.instructorspark.job.command.Places;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.spark.IfExists;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Scores models on a suite of tasks by the paper's procedures, with each task's own instruction, with none and with a wrong one, and says which differences are more than noise. Give --model several times to compare models.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {
  private static final List<String> VARIANTS = List.of(Variant.OWN, Variant.NONE, Variant.WRONG);

  @Spec private CommandSpec spec;

  @Option(
      names = "--suite",
      paramLabel = "DIR",
      required = true,
      description = "folder with a YAML file for each task; the user guide says what it holds")
  private Path suite;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "folder for scores.jsonl, summary.jsonl, analyses.jsonl and index.html")
  private Path output;

  @Option(
      names = "--if-exists",
      paramLabel = "WHAT",
      defaultValue = "error",
      description = "an output that is there already: error (default) or overwrite")
  private IfExists ifExists;

  @Option(
      names = "--task",
      paramLabel = "GLOB",
      description = "only tasks of this name, as sts*; repeatable")
  private List<String> tasks = List.of();

  @Option(
      names = "--category",
      paramLabel = "C",
      description =
          "only tasks of this category: classification, clustering, pair_classification, reranking, retrieval, sts, summarisation, text_generation_evaluation, prompt_retrieval or multi_view; repeatable")
  private List<String> categories = List.of();

  @Option(
      names = "--instructions",
      paramLabel = "V",
      split = ",",
      defaultValue = "own,none,wrong",
      description =
          "what to score with: own, none (an empty instruction), wrong (another task's); default: ${DEFAULT-VALUE}")
  private List<String> variants;

  @Option(
      names = "--analysis",
      paramLabel = "NAME",
      description =
          "one of the paper's analyses: complexity, robustness, instructions, size (of several --model) or shift (of tasks with a domain); repeatable")
  private List<String> analyses = List.of();

  @Option(
      names = "--domain",
      paramLabel = "TASK=NAME",
      description = "domain of a task, for the analysis of shift; repeatable")
  private Map<String, String> domains = new LinkedHashMap<>();

  @Option(
      names = "--per-label",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "training rows of each label in a draw, for classification; the paper has 8 to 32 (default: ${DEFAULT-VALUE})")
  private int perLabel;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "10",
      description = "draws of training rows (default: ${DEFAULT-VALUE})")
  private int draws;

  @Option(
      names = "--clusterings",
      paramLabel = "N",
      defaultValue = "3",
      description = "runs of k-means, of which the mean counts (default: ${DEFAULT-VALUE})")
  private int clusterings;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "1000",
      description = "resamples of items and tasks, for intervals (default: ${DEFAULT-VALUE})")
  private int resamples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "seed of all that is drawn; one seed, one result (default: ${DEFAULT-VALUE})")
  private long seed;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    shared.requireApart(new Places().and("--output", output).and("--suite", suite));
    shared.requireRecordPlace();
    EvaluationFolder folder = new EvaluationFolder(output);
    EvaluateJob.Arguments arguments = arguments();
    folder.requirePlace(ifExists);
    EvaluationLine line =
        new EvaluationLine(
            shared.general().drawsProgress() ? Optional.of(System.err) : Optional.empty());
    shared.inSession(
        "evaluate",
        session -> {
          EvaluateReport report = new EvaluateJob(arguments, session, line).run();
          folder.write(report);
          shared.write(() -> report.record(Versions.all()));
          if (!shared.quiet()) {
            spec.commandLine().getOut().println(report.text(output.toString()));
          }
        });
    return 0;
  }

  private EvaluateJob.Arguments arguments() {
    ScoringSettings settings =
        shared.valid(() -> new ScoringSettings(perLabel, draws, clusterings, resamples, seed));
    Set<String> wanted = new LinkedHashSet<>(variants);
    for (String variant : wanted) {
      if (!VARIANTS.contains(variant)) {
        throw shared.misused(
            "--instructions %s: expected some of %s, with commas between"
                .formatted(variant, String.join(", ", VARIANTS)));
      }
    }
    Set<Category> chosen = chosen(Category.class, categories, "--category", Category.choices());
    Set<Analysis> asked = chosen(Analysis.class, analyses, "--analysis", Analysis.choices());
    var stages = shared.stages();
    if (asked.contains(Analysis.SIZE) && stages.size() < 2) {
      throw shared.misused("--analysis size compares models; give --model twice at least");
    }
    Suite all = Suite.read(suite);
    Suite read = shared.valid(() -> all.only(tasks, chosen).withDomains(domains));
    if (asked.contains(Analysis.SHIFT)
        && read.chosen().stream().allMatch(task -> task.domain().isEmpty())) {
      throw shared.misused(
          "--analysis shift needs tasks with a domain, and none that is scored has one; give 'domain:' in a task's YAML, or --domain TASK=NAME");
    }
    return new EvaluateJob.Arguments(read, stages, List.copyOf(wanted), asked, settings);
  }

  private <E extends Enum<E>> Set<E> chosen(
      Class<E> type, List<String> given, String option, String choices) {
    EnumSet<E> chosen = EnumSet.noneOf(type);
    for (String name : given) {
      chosen.add(
          Arrays.stream(type.getEnumConstants())
              .filter(one -> one.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      shared.misused(
                          "%s %s: expected one of %s".formatted(option, name, choices))));
    }
    return chosen;
  }
}
