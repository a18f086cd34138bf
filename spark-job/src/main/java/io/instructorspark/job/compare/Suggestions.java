package io.instructorspark.job.compare;

import io.instructorspark.text.InstructionTemplate;
import io.instructorspark.text.NamedInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Instructions to try: every sentence that the template makes of the given parts, each of which may
 * be left out, and the named instructions.
 *
 * @param domains what texts are about or where they are from
 * @param textTypes what kinds of text they are
 * @param objectives what vectors are for
 */
record Suggestions(List<String> domains, List<String> textTypes, List<String> objectives) {
  /** As many as can be read in a table; each is embedded and scored. */
  static final int MOST = 200;

  Suggestions {
    domains = List.copyOf(domains);
    textTypes = List.copyOf(textTypes);
    objectives = List.copyOf(objectives);
  }

  boolean isEmpty() {
    return domains.isEmpty() && textTypes.isEmpty() && objectives.isEmpty();
  }

  /**
   * Those that are tried. Some may be equal.
   *
   * @throws IllegalArgumentException if they are more than {@value #MOST}
   */
  List<Candidate> with(List<NamedInstruction> named) {
    List<Candidate> all = new ArrayList<>();
    named.forEach(one -> all.add(Candidate.named(one.name(), one.instruction())));
    for (String domain : orNone(domains)) {
      for (String textType : orNone(textTypes)) {
        for (String objective : orNone(objectives)) {
          all.add(Candidate.template(InstructionTemplate.of(domain, textType, objective)));
        }
      }
    }
    if (all.size() > MOST) {
      throw new IllegalArgumentException(
          "--suggest would try %d instructions, and %d at most are tried; give fewer of --domain, --text-type and --objective"
              .formatted(all.size(), MOST));
    }
    return List.copyOf(all);
  }

  private static List<String> orNone(List<String> parts) {
    return Stream.concat(parts.stream(), Stream.of("")).distinct().toList();
  }
}
