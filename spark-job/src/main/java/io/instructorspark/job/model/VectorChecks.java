package io.instructorspark.job.model;

import io.instructorspark.engine.BatchLimits;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.Embedding;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.LongText;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What the vectors of a loaded model must be, whatever the model. */
final class VectorChecks {
  private static final String INSTRUCTION =
      "Represent the sentence for retrieving similar sentences: ";
  private static final String OTHER_INSTRUCTION =
      "Represent the review for classifying its sentiment: ";

  private static final double UNIT = 1e-5;
  private static final double FP32_ALIKE = 1e-6;
  private static final double BF16_COSINE = 0.9999;
  private static final double FP32_GOLDEN = 1e-5;
  private static final double BF16_GOLDEN_COSINE = 0.999;
  private static final double INSTRUCTION_SHOWS = 1e-4;

  /** One triple may go wrong with a small model; a random one gets few right. */
  private static final double TRAINED = 0.75;

  private static final List<String> TEXTS =
      List.of(
          "",
          "Tea.",
          "The kettle whistles while nobody is in the kitchen.",
          "A parcel that should have come on Monday came on Thursday, and it was wet. ".repeat(150),
          "ﬁne ① Ａ e\u0301 \u200d\u2060 مرحبا 東京 🚀👩\u200d💻",
          "control \u0000\u0007\u001b characters, \ud83d half a pair, \ufffe \ue000",
          "\t \n\u00a0 ",
          "3.14159 2,718 -1e-9 0x7f");

  private final InstructorModel model;
  private final ModelSpec spec;
  private final EmbedOptions options =
      new EmbedOptions(
          LongText.TRUNCATE, BatchLimits.DEFAULT, Runtime.getRuntime().availableProcessors());

  VectorChecks(InstructorModel model, ModelSpec spec) {
    this.model = model;
    this.spec = spec;
  }

  /** Empty, long and odd texts have finite vectors of length 1. */
  String areUnit() {
    double worst = 0;
    for (float[] vector : vectors(INSTRUCTION, TEXTS)) {
      worst = Math.max(worst, Math.abs(Math.sqrt(dot(vector, vector)) - 1));
    }
    require(
        worst <= UNIT,
        "the length of a vector is off 1 by %.1e, at most %.0e is right",
        worst,
        UNIT);
    return said(
        "%d texts (empty, long, odd characters): finite, length 1 to %.0e", TEXTS.size(), worst);
  }

  /** A text's vector does not depend on those beside it. */
  String doNotDependOnTheBatch() {
    List<float[]> together = vectors(INSTRUCTION, TEXTS);
    List<float[]> alone = new ArrayList<>();
    for (String text : TEXTS) {
      alone.addAll(vectors(INSTRUCTION, List.of(text)));
    }
    if (spec.precision() == Precision.FP32) {
      double worst = 0;
      for (int i = 0; i < alone.size(); i++) {
        worst = Math.max(worst, distance(alone.get(i), together.get(i)));
      }
      require(
          worst <= FP32_ALIKE,
          "a text has another vector alone than in a batch: a component differs by %.1e, at most %.0e is right",
          worst,
          FP32_ALIKE);
      return said("a text's vector is the same alone and in a batch, to %.0e", worst);
    }
    double least = 1;
    for (int i = 0; i < alone.size(); i++) {
      least = Math.min(least, dot(alone.get(i), together.get(i)));
    }
    require(
        least >= BF16_COSINE,
        "a text has another vector alone than in a batch: cosine %.6f, at least %.4f is right",
        least,
        BF16_COSINE);
    return said("a text's vector is the same alone and in a batch, cosine %.6f", least);
  }

  /** Another instruction gives another vector. */
  String followTheInstruction() {
    List<String> texts = TEXTS.subList(1, 3);
    List<float[]> one = vectors(INSTRUCTION, texts);
    List<float[]> other = vectors(OTHER_INSTRUCTION, texts);
    double least = Double.MAX_VALUE;
    double cosine = 0;
    for (int i = 0; i < texts.size(); i++) {
      least = Math.min(least, distance(one.get(i), other.get(i)));
      cosine += dot(one.get(i), other.get(i)) / texts.size();
    }
    require(
        least >= INSTRUCTION_SHOWS,
        "two instructions give a text the same vector (components differ by %.1e)",
        least);
    return said("another instruction gives another vector, mean cosine %.3f", cosine);
  }

  /** The reference's vectors. */
  String equal(KnownModel known) {
    double worst = 0;
    double cosine = 1;
    for (KnownModel.Golden golden : known.goldens()) {
      float[] vector = vectors(golden.mode(), golden.instruction(), List.of(golden.text())).get(0);
      require(
          vector.length == golden.vector().length,
          "a vector has %d numbers, the reference's has %d",
          vector.length,
          golden.vector().length);
      double norm = Math.sqrt(dot(vector, vector));
      worst = Math.max(worst, Math.max(distance(vector, golden.vector()), Math.abs(norm - 1)));
      cosine = Math.min(cosine, dot(vector, golden.vector()));
    }
    String which =
        "%s, %d vectors of the reference".formatted(known.name(), known.goldens().size());
    if (spec.precision() == Precision.FP32) {
      require(
          worst <= FP32_GOLDEN,
          "%s: a component is off by %.1e, at most %.0e is right",
          which,
          worst,
          FP32_GOLDEN);
      return said("%s: equal to %.0e", which, worst);
    }
    require(
        cosine >= BF16_GOLDEN_COSINE,
        "%s: the cosine to one is %.5f, at least %.3f is right",
        which,
        cosine,
        BF16_GOLDEN_COSINE);
    return said("%s: cosine %.5f", which, cosine);
  }

  /** Sentences that say the same lie nearer than sentences that share words. */
  String tellParaphrases() {
    List<String> sentences = new ArrayList<>();
    for (Paraphrases triple : Paraphrases.ALL) {
      Collections.addAll(sentences, triple.sentence(), triple.paraphrase(), triple.unrelated());
    }
    List<float[]> vectors = vectors(INSTRUCTION, sentences);
    int right = 0;
    for (int i = 0; i < vectors.size(); i += 3) {
      double paraphrase = dot(vectors.get(i), vectors.get(i + 1));
      double unrelated = dot(vectors.get(i), vectors.get(i + 2));
      right += paraphrase > unrelated ? 1 : 0;
    }
    String found =
        said(
            "%d of %d sentences lie nearer to a paraphrase than to one that shares words",
            right, Paraphrases.ALL.size());
    require(
        right >= TRAINED * Paraphrases.ALL.size(),
        "only %s; a trained model tells nearly all. Are these the weights of the published model?",
        found);
    return found;
  }

  private List<float[]> vectors(String instruction, List<String> texts) {
    return vectors(spec.compatibility(), instruction, texts);
  }

  private List<float[]> vectors(Compatibility mode, String instruction, List<String> texts) {
    ModelSpec inMode =
        new ModelSpec(
            spec.location(),
            spec.fingerprint(),
            mode,
            spec.device(),
            spec.precision(),
            spec.maxLength());
    List<Embedding> rows =
        model
            .embedder(inMode, options)
            .embed(Collections.nCopies(texts.size(), instruction), texts)
            .rows();
    for (Embedding row : rows) {
      require(row.error() == null, "a text gets no vector: %s", row.error());
    }
    return rows.stream().map(Embedding::vector).toList();
  }

  private static void require(boolean right, String reason, Object... values) {
    if (!right) {
      throw new CheckFailedException(said(reason, values));
    }
  }

  private static String said(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** The largest difference of a component. */
  private static double distance(float[] a, float[] b) {
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs((double) a[i] - b[i]));
    }
    return worst;
  }
}
