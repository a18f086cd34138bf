package io.instructorspark.job.train;

import io.instructorspark.engine.training.Negatives;
import io.instructorspark.job.train.Checked.Range;
import io.instructorspark.job.yaml.YamlFile;
import io.instructorspark.job.yaml.YamlSection;
import io.instructorspark.spark.InstructionCatalog;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a {@link Recipe} from YAML and checks all of it. */
final class RecipeReader {
  private static final String MODEL = "builtin:instructor-mini";
  private static final int USUAL_DIMENSION = 256;
  private static final int LARGEST_DIMENSION = 16_384;
  private static final int USUAL_EVALUATION = 500;

  private final Path folder;

  private RecipeReader(Path folder) {
    this.folder = folder;
  }

  static Recipe read(Path file) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return new RecipeReader(folder).recipe(YamlFile.read(file));
  }

  private Recipe recipe(YamlSection all) {
    all.only("model", "data", "evaluation", "exclude", "training");
    YamlSection training =
        all.section("training")
            .orElseThrow(() -> all.missing("training", "the settings of the run"));
    return new Recipe(
        folder,
        all.section("model").map(this::model).orElse(new FineTuned(MODEL)),
        data(all),
        all.section("evaluation").map(this::heldOut),
        files(all, "exclude"),
        SettingsReader.read(training));
  }

  private StartingModel model(YamlSection model) {
    model.only("from", "config", "tokenizer", "dimension", "wordVectors");
    Optional<String> from = model.string("from");
    if (from.isPresent()) {
      for (String key : List.of("config", "tokenizer", "dimension", "wordVectors")) {
        if (model.keys().contains(key)) {
          throw model.refused(
              key, "is of a new model, and 'from' names one to fine-tune; leave one of them out");
        }
      }
      return from.filter(location -> !location.isBlank())
          .map(location -> new FineTuned(beside(location)))
          .orElseThrow(() -> model.refused("from", "is empty; expected a checkpoint"));
    }
    Path config = there(model, "config", "T5's config.json, or 'from' with a checkpoint");
    Path tokenizer = there(model, "tokenizer", "the folder that holds tokenizer.json");
    if (!Files.isRegularFile(tokenizer.resolve("tokenizer.json"))) {
      throw model.refused("tokenizer", "is %s, which holds no tokenizer.json".formatted(tokenizer));
    }
    Checked checked = new Checked(model);
    return new Scratch(
        config,
        tokenizer,
        checked.integer("dimension", USUAL_DIMENSION, 1, LARGEST_DIMENSION),
        checked.choice("wordVectors", WordVectors.class, WordVectors.COOCCURRENCE));
  }

  /** A folder beside the recipe, where there is one; else the location as it stands. */
  private String beside(String location) {
    File beside = new File(folder.toFile(), location);
    return beside.isDirectory() ? beside.toString() : location;
  }

  private Path there(YamlSection section, String key, String expected) {
    Path path =
        folder.resolve(section.string(key).orElseThrow(() -> section.missing(key, expected)));
    if (!Files.exists(path)) {
      throw section.refused(key, "is %s, which is not there".formatted(path));
    }
    return path;
  }

  private List<DataSource> data(YamlSection all) {
    List<DataSource> data = new ArrayList<>();
    for (YamlSection entry :
        all.sections("data")
            .orElseThrow(() -> all.missing("data", "a list of the data to train on"))) {
      entry.only(
          "files",
          "format",
          "instruction",
          "positiveInstruction",
          "negativeInstruction",
          "paraphrases",
          "weight",
          "negatives",
          "from",
          "limit");
      Checked checked = new Checked(entry);
      TaskShare share =
          new TaskShare(
              checked.number("weight", 1, Range.POSITIVE),
              checked.number("from", 0, Range.BELOW_ONE),
              checked.integer("limit", Integer.MAX_VALUE, 1, Integer.MAX_VALUE));
      data.add(
          source(
              entry,
              new ParaphraseReader(folder).read(entry, "paraphrases"),
              share,
              checked.choice("negatives", Negatives.class, Negatives.BATCH)));
    }
    if (data.isEmpty()) {
      throw all.refused("data", "is empty; expected a list of the data to train on");
    }
    if (data.stream().noneMatch(entry -> entry.share().from() == 0)) {
      throw all.refused("data", "has no entry that is trained on from the beginning ('from' 0)");
    }
    return data;
  }

  private HeldOut heldOut(YamlSection section) {
    section.only(
        "files",
        "every",
        "format",
        "instruction",
        "positiveInstruction",
        "negativeInstruction",
        "limit");
    if (files(section, "files").isEmpty()) {
      throw section.missing("files", "a list of the files that are held out");
    }
    Checked checked = new Checked(section);
    TaskShare share =
        new TaskShare(1, 0, checked.integer("limit", Integer.MAX_VALUE, 1, Integer.MAX_VALUE));
    return new HeldOut(
        source(section, Map.of(), share, Negatives.BATCH),
        checked.integer("every", USUAL_EVALUATION, 1, Integer.MAX_VALUE));
  }

  private static DataSource source(
      YamlSection entry,
      Map<String, List<String>> paraphrases,
      TaskShare share,
      Negatives negatives) {
    return new DataSource(
        files(entry, "files"),
        entry
            .string("format")
            .map(
                given ->
                    new Checked(entry).choice("format", RecordFormat.class, RecordFormat.MEDI)),
        new Instructions(
            instruction(entry, "instruction"),
            instruction(entry, "positiveInstruction"),
            instruction(entry, "negativeInstruction")),
        paraphrases,
        share,
        negatives);
  }

  private static Optional<String> instruction(YamlSection entry, String key) {
    return entry.string(key, InstructionCatalog.current()::resolve);
  }

  private static List<String> files(YamlSection section, String key) {
    List<String> files = section.strings(key).orElse(List.of());
    if (section.keys().contains(key) && files.isEmpty()) {
      throw section.refused(key, "is empty; name files, or leave the key out");
    }
    if (files.stream().anyMatch(String::isBlank)) {
      throw section.refused(key, "has an empty name; expected files or globs");
    }
    return files;
  }
}
