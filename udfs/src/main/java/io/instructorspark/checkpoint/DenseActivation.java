package io.instructorspark.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a dense layer applies to its output. */
public enum DenseActivation {
  /** Nothing; what every published INSTRUCTOR uses. */
  IDENTITY("torch.nn.modules.linear.Identity"),
  /** The hyperbolic tangent, sentence-transformers' default. */
  TANH("torch.nn.modules.activation.Tanh");

  private final String torchClass;

  DenseActivation(String torchClass) {
    this.torchClass = torchClass;
  }

  /**
   * The activation that a torch class name means, by its last part.
   *
   * @throws IllegalArgumentException for any other class, by its name
   */
  static DenseActivation ofTorchClass(String qualifiedName) {
    String simpleName = qualifiedName.substring(qualifiedName.lastIndexOf('.') + 1);
    return Arrays.stream(values())
        .filter(activation -> activation.torchClass.endsWith("." + simpleName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "activation_function %s is not supported, only %s"
                        .formatted(
                            qualifiedName,
                            Arrays.stream(values())
                                .map(activation -> activation.torchClass)
                                .collect(Collectors.joining(" and ")))));
  }

  /** The class of PyTorch that stands for it in a config. */
  String torchClass() {
    return torchClass;
  }
}
