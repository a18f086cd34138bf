package io.instructorspark.job.train;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.instructorspark.job.yaml.YamlFile;
import io.instructorspark.job.yaml.YamlSection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads other wordings of instructions: a mapping of the recipe, or a file of JSON or YAML that
 * holds one.
 *
 * @param folder of the recipe
 */
record ParaphraseReader(Path folder) {
  private static final int LONGEST = 1 << 24;
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(new TypeReference<Map<String, List<String>>>() {});

  /** The wordings by the instruction that they stand for; none where the key is absent. */
  Map<String, List<String>> read(YamlSection section, String key) {
    Map<String, List<String>> read =
        section.isText(key)
            ? ofFile(section, key, folder.resolve(section.string(key).orElseThrow()))
            : section.section(key).map(ParaphraseReader::of).orElse(Map.of());
    read.forEach(
        (instruction, others) -> {
          if (others == null || others.isEmpty() || others.stream().anyMatch(Objects::isNull)) {
            throw section.refused(
                key, "has nothing, or null, for '%s'".formatted(JsonFields.shown(instruction)));
          }
        });
    return read;
  }

  private static Map<String, List<String>> of(YamlSection mapping) {
    Map<String, List<String>> read = new LinkedHashMap<>();
    for (String instruction : mapping.keys()) {
      read.put(instruction, mapping.strings(instruction).orElseThrow());
    }
    return read;
  }

  private static Map<String, List<String>> ofFile(YamlSection section, String key, Path file) {
    if (!file.toString().endsWith(".json")) {
      return of(YamlFile.read(file));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw section.refused(key, "is %s, larger than %,d bytes".formatted(file, LONGEST));
      }
      return JSON.readValue(bytes);
    } catch (IOException e) {
      throw section.refused(
          key,
          "is %s, which holds no mapping of instructions to lists of others: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")));
    }
  }
}
