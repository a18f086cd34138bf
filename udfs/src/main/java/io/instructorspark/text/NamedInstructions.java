package io.instructorspark.text;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The catalogue of named instructions. Immutable, so safe in any thread.
 *
 * @param all the entries, in the order of their file; names are unique
 */
public record NamedInstructions(List<NamedInstruction> all) implements Serializable {
  private static final String MARK = "@";

  /**
   * Copies the entries.
   *
   * @throws IllegalArgumentException if a name occurs twice
   */
  public NamedInstructions {
    all = List.copyOf(all);
    Set<String> seen = new HashSet<>();
    for (NamedInstruction entry : all) {
      if (!seen.add(entry.name())) {
        throw new IllegalArgumentException(
            "Two instructions are named %s; expected unique names. Rename or remove one."
                .formatted(entry.name()));
      }
    }
  }

  /** Returns the entry of exactly this name, if there is one. */
  public Optional<NamedInstruction> find(String name) {
    return all.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /**
   * Returns the entry of exactly this name.
   *
   * @throws IllegalArgumentException for an unknown name, with at most five near ones
   */
  public NamedInstruction get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException(unknown(name)));
  }

  /**
   * Returns the instruction that is meant: {@code @name} gives the named one, {@code @@x} the
   * literal {@code @x}, anything else is returned as it is.
   *
   * @throws IllegalArgumentException for an unknown name, with at most five near ones
   */
  public String resolve(String instruction) {
    if (!instruction.startsWith(MARK)) {
      return instruction;
    }
    String name = instruction.substring(MARK.length());
    return name.startsWith(MARK) ? name : get(name).instruction();
  }

  private String unknown(String name) {
    List<String> near =
        new NearestNames(name).among(all.stream().map(NamedInstruction::name).toList());
    return ("No instruction is named \"%s\".%s `instructor instructions list` shows all %d. "
            + "An instruction that itself begins with %s is written with %s.")
        .formatted(
            NearestNames.cut(name),
            near.isEmpty() ? "" : " Did you mean %s?".formatted(String.join(", ", near)),
            all.size(),
            MARK,
            MARK + MARK);
  }
}
