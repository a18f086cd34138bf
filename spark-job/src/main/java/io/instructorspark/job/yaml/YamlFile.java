package io.instructorspark.job.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Reads a file of settings: one mapping in plain YAML 1.1, UTF-8, at most 1 MiB and eight levels
 * deep, without aliases, tags, double keys or a second document. Nothing in the file is executed
 * and no type is made but text, numbers, booleans, dates, lists and mappings.
 */
public final class YamlFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 8;

  private YamlFile() {}

  /**
   * Reads a file whole.
   *
   * @return its mapping, not empty
   * @throws YamlException if the file cannot be read or is no such mapping
   */
  public static YamlSection read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw refused(file, e, "it cannot be read (%s); expected a YAML file".formatted(e));
    }
    if (bytes.length > MAX_BYTES) {
      throw refused(
          file, null, "it is larger than %,d bytes; settings are a page".formatted(MAX_BYTES));
    }
    String text = decoded(file, bytes);
    requirePlain(file, text);
    return new YamlSection(file.toString(), "", mapping(file, text));
  }

  private static String decoded(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused(file, e, "it is not UTF-8; save it as UTF-8");
    }
  }

  private static void requirePlain(Path file, String text) {
    int depth = 0;
    try {
      for (Event event : yaml().parse(new StringReader(text))) {
        depth += event instanceof CollectionStartEvent ? 1 : 0;
        depth -= event instanceof CollectionEndEvent ? 1 : 0;
        if (depth > MAX_DEPTH) {
          throw refused(file, null, "it is more than %d levels deep".formatted(MAX_DEPTH));
        }
        if (event instanceof AliasEvent alias) {
          throw refused(
              file,
              null,
              "it uses the alias *%s; write the value out".formatted(alias.getAnchor()));
        }
        String tag = tag(event);
        if (tag != null) {
          throw refused(file, null, "it uses the tag %s; leave tags out".formatted(tag));
        }
      }
    } catch (YAMLException e) {
      throw notYaml(file, e);
    }
  }

  private static String tag(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag();
    }
    return event instanceof CollectionStartEvent start ? start.getTag() : null;
  }

  private static Map<?, ?> mapping(Path file, String text) {
    Object loaded;
    try {
      loaded = yaml().load(text);
    } catch (YAMLException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw notYaml(file, e); // the last two: what looks like a number or a date and is none
    }
    if (loaded instanceof Map<?, ?> map && !map.isEmpty()) {
      return map;
    }
    throw refused(file, null, "it holds no mapping; expected lines of the form 'key: value'");
  }

  private static Yaml yaml() {
    LoaderOptions bounds = new LoaderOptions();
    bounds.setCodePointLimit(MAX_BYTES);
    bounds.setNestingDepthLimit(MAX_DEPTH);
    bounds.setMaxAliasesForCollections(0);
    bounds.setAllowRecursiveKeys(false);
    bounds.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(bounds));
  }

  private static YamlException notYaml(Path file, Exception e) {
    return refused(file, e, "it is not plain YAML: " + e.getMessage());
  }

  private static YamlException refused(Path file, Exception cause, String problem) {
    return new YamlException("%s is refused: %s".formatted(file, problem), cause);
  }
}
