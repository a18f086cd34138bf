package io.instructorspark.job.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointFile;
import io.instructorspark.checkpoint.remote.Sha256;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.job.metrics.ByteCount;
import io.instructorspark.text.Compatibility;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be known to be wrong with a checkpoint on this machine. */
final class SelfCheck {
  private static final int EOS = 1;
  private static final List<String> TEXTS =
      List.of("", "The kettle whistles.", "ﬁne ① مرحبا 東京 🚀 \ud83d", "<pad> </s> <unk>");

  private final Checkpoint checkpoint;
  private final ModelSpec spec;
  private final CheckReport report;

  SelfCheck(Checkpoint checkpoint, Device device, Precision precision, CheckReport report) {
    this.checkpoint = checkpoint;
    this.report = report;
    this.spec =
        new ModelSpec(
            checkpoint.pinned(),
            checkpoint.fingerprint(),
            Compatibility.V1_0_1,
            device,
            precision,
            checkpoint.maxSeqLength());
  }

  /** What became of it. */
  enum Verdict {
    OK,
    FAILED,
    /** Nothing is wrong but what the vectors say. */
    NOT_TRAINED
  }

  /** Makes all checks, those that go on even where one before failed. */
  Verdict run() {
    report.run("files", this::files);
    report.run("weights", this::weights);
    report.run("tokenizer", this::tokenizer);
    Optional<InstructorModel> loaded = report.run("loading", this::load, this::loaded);
    if (loaded.isEmpty()) {
      report.skip("vectors", "not checked, as the model does not load");
      return Verdict.FAILED;
    }
    boolean trained;
    try (InstructorModel model = loaded.get()) {
      VectorChecks vectors = new VectorChecks(model, spec);
      report.run("vectors", vectors::areUnit);
      report.run("batches", vectors::doNotDependOnTheBatch);
      report.run("instruction", vectors::followTheInstruction);
      Optional<KnownModel> known = KnownModel.of(checkpoint.fingerprint());
      if (known.isPresent()) {
        report.run("reference", () -> vectors.equal(known.get()));
      } else {
        report.skip(
            "reference",
            "no vectors of the reference are known for this fingerprint; compare it with the one at the checkpoint's source");
      }
      trained = report.run("meaning", vectors::tellParaphrases);
    }
    if (report.failures() > (trained ? 0 : 1)) {
      return Verdict.FAILED;
    }
    return trained ? Verdict.OK : Verdict.NOT_TRAINED;
  }

  /** A disk that gives other bytes than it was given. */
  private String files() throws IOException {
    long bytes = 0;
    List<CheckpointFile> files = checkpoint.files();
    for (CheckpointFile file : files) {
      try (InputStream in = checkpoint.openFile(file.path())) {
        if (!Sha256.of(in).equals(file.sha256())) {
          throw new CheckFailedException(
              ("%s has other content than when its SHA-256 was taken, though its size and time are the same:"
                      + " the disk is damaged, or somebody hid a change. Delete %s and fetch the checkpoint again")
                  .formatted(file.path(), onThisMachine(file)));
        }
      }
      bytes += file.size();
    }
    return "%d files, %s, read again: every SHA-256 as remembered"
        .formatted(files.size(), ByteCount.text(bytes));
  }

  /** The file itself: a link to it would lead a new copy to the same bytes. */
  private String onThisMachine(CheckpointFile file) throws IOException {
    Optional<Path> folder = checkpoint.folder();
    return folder.isEmpty() ? "it" : folder.get().resolve(file.path()).toRealPath().toString();
  }

  private String weights() throws IOException {
    return String.format(Locale.ROOT, "%,d numbers, all finite", WeightScan.read(checkpoint));
  }

  private String tokenizer() throws IOException {
    int vocabulary = checkpoint.config().vocabSize();
    List<int[]> ids = InstructorModel.tokenIds(checkpoint, TEXTS);
    for (int i = 0; i < ids.size(); i++) {
      int[] tokens = ids.get(i);
      if (tokens.length == 0
          || tokens[tokens.length - 1] != EOS
          || Arrays.stream(tokens).anyMatch(id -> id < 0 || id >= vocabulary)) {
        throw new CheckFailedException(
            "\"%s\" becomes %s; the last should be %d, </s>, and all below %d"
                .formatted(TEXTS.get(i), Arrays.toString(tokens), EOS, vocabulary));
      }
    }
    return String.format(
        Locale.ROOT,
        "%,d pieces for %,d vectors; texts end with </s> (%d)",
        pieces(),
        vocabulary,
        EOS);
  }

  /** One more than the highest id that the tokenizer can give. */
  private int pieces() throws IOException {
    JsonNode json = new ObjectMapper().readTree(checkpoint.tokenizerJson());
    int pieces = json.path("model").path("vocab").size();
    for (JsonNode added : json.path("added_tokens")) {
      pieces = Math.max(pieces, added.path("id").asInt() + 1);
    }
    return pieces;
  }

  private InstructorModel load() {
    return InstructorModel.load(checkpoint, spec.device(), spec.precision());
  }

  private String loaded(InstructorModel model) {
    return "%s, %s, vectors of %d numbers, libtorch %s"
        .formatted(
            spec.device(), spec.precision(), model.dimension(), InstructorModel.libtorchVersion());
  }
}
