import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.SafetensorsWriter;
import io.instructorspark.checkpoint.TensorInfo;
import io.instructorspark.checkpoint.Weights;
import io.instructorspark.engine.PassLimits;
import io.instructorspark.engine.Precision;
import io.instructorspark.engine.TokenBatch;
import io.instructorspark.engine.TrainableEncoder;
import io.instructorspark.engine.TrainingMode;
import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.Example.Side;
import io.instructorspark.engine.training.Negatives;
import io.instructorspark.engine.training.TrainingBatch;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the loss and all gradients of a small batch, and what they are of: GradientDump CHECKPOINT FOLDER keep|pass. */
public final class GradientDump {
  private static final String ASK = "Represent the question for retrieving the answer: ";
  private static final String ANSWER = "Represent the answer: ";

  public static void main(String[] args) throws Exception {
    List<Example> examples =
        List.of(
            example("How deep is the lake?", "About forty metres, at its western end.", "The lake freezes in January."),
            example("Who built the mill", "A family of weavers, who sold it later.", "Mills grind."),
            example("Why is the sky blue", "Air scatters short waves most.", "At night it is black, and stars are seen in it."),
            example("when do trains leave", "Every hour, at ten past.", "By the old bridge"));
    TrainingBatch batch = TrainingBatch.of(examples, Negatives.BATCH, 0.05);
    Checkpoint checkpoint = Checkpoint.open(args[0]);
    Path folder = Path.of(args[1]);
    try (TrainableEncoder encoder = TrainableEncoder.load(checkpoint, new TrainingMode(0, Precision.FP32, 2));
        Weights weights = checkpoint.openWeights()) {
      TokenBatch tokens = encoder.tokens(batch.instructions(), batch.texts(), 64);
      PassLimits limits = args[2].equals("keep") ? PassLimits.keeping(128) : PassLimits.passByPass(128);
      double loss = encoder.addGradients(tokens, batch.contrast(), limits, 0);
      ObjectMapper json = new ObjectMapper();
      ObjectNode all = json.createObjectNode();
      all.set("ids", json.valueToTree(tokens.ids()));
      all.set("starts", json.valueToTree(tokens.textStarts()));
      all.put("pairs", batch.size());
      all.put("temperature", batch.contrast().temperature());
      all.put("loss", loss);
      json.writeValue(new File(folder.toFile(), "batch.json"), all);
      List<TensorInfo> tensors = new ArrayList<>();
      for (String name : weights.names()) {
        tensors.add(new TensorInfo(name, ElementType.F32, weights.tensor(name).shape()));
      }
      SafetensorsWriter.write(
          folder.resolve("gradients.safetensors"),
          tensors,
          name -> encoder.numbers(TrainableEncoder.Numbers.GRADIENTS, name));
    }
  }

  private static Example example(String query, String positive, String negative) {
    return new Example(new Side(ASK, query), new Side(ANSWER, positive), new Side(ANSWER, negative), null);
  }
}
