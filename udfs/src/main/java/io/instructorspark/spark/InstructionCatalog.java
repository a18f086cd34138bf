package io.instructorspark.spark;

import io.instructorspark.text.InstructionTemplate;
import io.instructorspark.text.NamedInstruction;
import io.instructorspark.text.NamedInstructions;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;

/**
 * Where named instructions are read from. A catalogue is a YAML mapping, UTF-8, at most 1 MB,
 * without aliases, tags or double keys:
 *
 * <pre>{@code
 * retrieval-query-science:
 *   domain: Science              # each of these three optional, one at least
 *   text_type: question
 *   objective: retrieving supporting papers
 *   use: one line on when to take it
 * my-literal:
 *   instruction: "Represent it: "  # instead of the three, taken as it is
 *   use: one line
 * }</pre>
 */
public final class InstructionCatalog {
  /** The system property that names a catalogue to use instead of the built-in one. */
  public static final String PROPERTY = "instructor.instructions";

  private static final String RESOURCE = "io/instructorspark/text/instructions.yaml";
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 4;
  private static final String INSTRUCTION = "instruction";
  private static final String USE = "use";
  private static final List<String> PARTS = List.of("domain", "text_type", "objective");
  private static final List<String> FIELDS =
      List.of("domain", "text_type", "objective", INSTRUCTION, USE);

  private final String source;

  private InstructionCatalog(String source) {
    this.source = source;
  }

  /**
   * Returns the catalogue of the jar ({@code conf/instructions.yaml} of this project); read once
   * per JVM.
   */
  public static NamedInstructions builtIn() {
    return BuiltIn.NAMES;
  }

  /**
   * Returns the catalogue in a file, read anew at each call.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException if it is not a catalogue, naming the file, the entry and what
   *     is expected
   */
  public static NamedInstructions load(Path yaml) {
    try (InputStream in = Files.newInputStream(yaml)) {
      return new InstructionCatalog(yaml.toString()).read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(
          ("The named instructions %s cannot be read (%s). "
                  + "Expected a YAML file, as conf/instructions.yaml.")
              .formatted(yaml, e),
          e);
    }
  }

  /**
   * Returns the catalogue in force: the file that the system property {@value #PROPERTY} names,
   * else the built-in one. Meant for the driver: executors have their own properties. A named file
   * is read anew at each call.
   *
   * @throws UncheckedIOException if the named file cannot be read
   * @throws IllegalArgumentException if it is not a catalogue
   */
  public static NamedInstructions current() {
    String file = System.getProperty(PROPERTY, "");
    return file.isBlank() ? builtIn() : load(Path.of(file));
  }

  private NamedInstructions read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw refused("the file is larger than %d bytes; a catalogue is a page or two", MAX_BYTES);
    }
    List<NamedInstruction> all =
        parsed(decoded(bytes)).entrySet().stream()
            .map(entry -> named(entry.getKey(), entry.getValue()))
            .toList();
    return new NamedInstructions(all);
  }

  private String decoded(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused(e, "the file is not UTF-8; save it as UTF-8");
    }
  }

  private Map<?, ?> parsed(String text) {
    Yaml yaml = new Yaml(new SafeConstructor(bounds()));
    int depth = 0;
    try {
      for (Event event : yaml.parse(new StringReader(text))) {
        depth += event instanceof CollectionStartEvent ? 1 : 0;
        depth -= event instanceof CollectionEndEvent ? 1 : 0;
        if (depth > MAX_DEPTH) { // the parser's own limit comes late, after seconds of work
          throw refused("the file is more than %d levels deep", MAX_DEPTH);
        }
        if (event instanceof AliasEvent alias) {
          throw refused("the file uses the alias *%s; write the value out", alias.getAnchor());
        }
      }
      if (yaml.load(text) instanceof Map<?, ?> entries && !entries.isEmpty()) {
        return entries;
      }
    } catch (YAMLException | IndexOutOfBoundsException | NumberFormatException e) {
      throw refused(e, "the file is not plain YAML: %s", e.getMessage());
    }
    throw refused("the file holds no mapping of names; expected one, as in conf/instructions.yaml");
  }

  private static LoaderOptions bounds() {
    LoaderOptions bounds = new LoaderOptions();
    bounds.setCodePointLimit(MAX_BYTES);
    bounds.setNestingDepthLimit(MAX_DEPTH);
    bounds.setMaxAliasesForCollections(0);
    bounds.setAllowRecursiveKeys(false);
    bounds.setAllowDuplicateKeys(false);
    return bounds;
  }

  private NamedInstruction named(Object key, Object value) {
    if (!(key instanceof String name)) {
      throw refused("the name %s is not text as YAML reads it; quote it", key);
    }
    if (!(value instanceof Map<?, ?> fields)) {
      throw refused("%s is no mapping; expected %s and %s", name, PARTS, USE);
    }
    fields.forEach((field, content) -> checkField(name, field, content));
    boolean built = PARTS.stream().anyMatch(fields::containsKey);
    if (built == fields.containsKey(INSTRUCTION)) {
      throw refused(
          "%s has %s; expected some of %s, or %s alone",
          name, built ? "both parts and a literal" : "no instruction", PARTS, INSTRUCTION);
    }
    if (!fields.containsKey(USE)) {
      throw refused("%s has no '%s'; expected one line on when to take it", name, USE);
    }
    try {
      return new NamedInstruction(name, instruction(fields), (String) fields.get(USE));
    } catch (IllegalArgumentException e) {
      throw refused(e, "%s", e.getMessage());
    }
  }

  private void checkField(String name, Object field, Object content) {
    if (!FIELDS.contains(String.valueOf(field))) {
      throw refused("%s has the field '%s'; expected some of %s", name, field, FIELDS);
    }
    if (!(content instanceof String)) {
      throw refused(
          "%s has '%s: %s', which is not text as YAML reads it; quote it, or leave the field out",
          name, field, content);
    }
  }

  private static String instruction(Map<?, ?> fields) {
    return fields.get(INSTRUCTION) instanceof String literal
        ? literal
        : InstructionTemplate.of(
            (String) fields.get("domain"),
            (String) fields.get("text_type"),
            (String) fields.get("objective"));
  }

  private IllegalArgumentException refused(String problem, Object... details) {
    return refused(null, problem, details);
  }

  private IllegalArgumentException refused(Exception cause, String problem, Object... details) {
    return new IllegalArgumentException(
        "The named instructions (%s) are refused: %s".formatted(source, problem.formatted(details)),
        cause);
  }

  /** Read when first asked for. */
  private static final class BuiltIn {
    static final NamedInstructions NAMES = read();

    private static NamedInstructions read() {
      try (InputStream in =
          InstructionCatalog.class.getClassLoader().getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException(
              ("The class path has no %s, which the build copies from conf/instructions.yaml. "
                      + "Use the jar as built.")
                  .formatted(RESOURCE));
        }
        return new InstructionCatalog("built in").read(in);
      } catch (IOException e) {
        throw new UncheckedIOException("The class path's %s cannot be read".formatted(RESOURCE), e);
      }
    }
  }
}
