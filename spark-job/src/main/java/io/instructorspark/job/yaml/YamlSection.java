package io.instructorspark.job.yaml;

import io.instructorspark.job.rows.Spelling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A mapping of a file of settings, whose values are taken by key and type. A key that is absent
 * gives an empty optional; a value of another type than is asked for, or none behind a key, is an
 * error that names file and key. Nothing is converted silently but an integer to a number, and text
 * such as {@code 2e-5}, which YAML 1.1 does not read as the number it is. Not changed once made.
 */
public final class YamlSection {
  /** A number with an exponent; YAML 1.1 takes it for text unless it has a dot and a sign. */
  private static final Pattern EXPONENT =
      Pattern.compile("[-+]?(\\d{1,30}\\.?\\d{0,30}|\\.\\d{1,30})[eE][-+]?\\d{1,5}");

  private static final int SHOWN = 80;

  private final String file;
  private final String place;
  private final Map<String, Object> values;

  YamlSection(String file, String place, Map<?, ?> mapping) {
    this.file = file;
    this.place = place;
    this.values = new LinkedHashMap<>();
    mapping.forEach((key, value) -> values.put(name(key), value));
  }

  private String name(Object key) {
    if (key instanceof String name && !name.isBlank()) {
      return name;
    }
    throw new YamlException(
        "%s is refused: the key %s%s is not text as YAML reads it; quote it"
            .formatted(file, place, shown(key)),
        null);
  }

  /** The keys that are there, in the file's order. */
  public List<String> keys() {
    return List.copyOf(values.keySet());
  }

  /**
   * Refuses keys that nobody reads, which are as a rule keys written wrongly.
   *
   * @return this section
   * @throws YamlException if there is another key than these; the message names the first such and
   *     those it may have been meant for
   */
  public YamlSection only(String... known) {
    for (String key : values.keySet()) {
      if (!Arrays.asList(known).contains(key)) {
        List<String> near = Spelling.near(key, List.of(known));
        throw refused(
            key,
            near.isEmpty()
                ? "is unknown; the keys are %s".formatted(String.join(", ", known))
                : "is unknown; did you mean %s?".formatted(String.join(" or ", near)));
      }
    }
    return this;
  }

  /** Text, empty text included. */
  public Optional<String> string(String key) {
    return value(key)
        .map(
            value -> {
              if (value instanceof String text) {
                return text;
              }
              throw mistyped(key, value, "text; quote it if it is meant as text");
            });
  }

  /**
   * Text that stands for something.
   *
   * @param meaning what a text stands for; its {@link IllegalArgumentException} becomes an error
   *     that names file and key
   */
  public Optional<String> string(String key, UnaryOperator<String> meaning) {
    return string(key)
        .map(
            text -> {
              try {
                return meaning.apply(text);
              } catch (IllegalArgumentException e) {
                throw refused(key, "is wrong: " + e.getMessage());
              }
            });
  }

  /** A number that is finite. */
  public OptionalDouble number(String key) {
    Optional<Object> value = value(key);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.map(YamlSection::asNumber).orElseThrow();
    if (!Double.isFinite(number)) {
      throw mistyped(key, value.get(), "a finite number");
    }
    return OptionalDouble.of(number);
  }

  private static double asNumber(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof String text && EXPONENT.matcher(text).matches()
        ? Double.parseDouble(text)
        : Double.NaN;
  }

  /** An integer of 64 bits, written as such: {@code 3}, not {@code 3.0}. */
  public OptionalLong integer(String key) {
    Optional<Object> value = value(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get() instanceof Integer || value.get() instanceof Long) {
      return OptionalLong.of(((Number) value.get()).longValue());
    }
    throw mistyped(
        key,
        value.get(),
        value.get() instanceof BigInteger ? "an integer of 64 bits" : "an integer");
  }

  /** {@code true} or {@code false}, or another word that YAML 1.1 takes for one of them. */
  public Optional<Boolean> flag(String key) {
    return value(key)
        .map(
            value -> {
              if (value instanceof Boolean flag) {
                return flag;
              }
              throw mistyped(key, value, "true or false");
            });
  }

  /** A list of texts; it may be empty. */
  public Optional<List<String>> strings(String key) {
    return value(key)
        .map(
            value -> {
              if (!(value instanceof List<?> items)) {
                throw mistyped(key, value, "a list of texts, as [one, another]");
              }
              List<String> texts = new ArrayList<>();
              for (Object item : items) {
                if (!(item instanceof String text)) {
                  throw mistyped(key, item, "only texts in this list; quote what is meant as text");
                }
                texts.add(text);
              }
              return List.copyOf(texts);
            });
  }

  /** A mapping below a key; it may be empty. */
  public Optional<YamlSection> section(String key) {
    return value(key)
        .map(
            value -> {
              if (value instanceof Map<?, ?> mapping) {
                return new YamlSection(file, place + key + ".", mapping);
              }
              throw mistyped(key, value, "a mapping, indented lines of the form 'key: value'");
            });
  }

  /** A list of finite numbers; it may be empty. */
  public Optional<List<Double>> numbers(String key) {
    return value(key)
        .map(
            value -> {
              if (!(value instanceof List<?> items)) {
                throw mistyped(key, value, "a list of numbers, as [0.5, 2]");
              }
              List<Double> numbers = new ArrayList<>();
              for (Object item : items) {
                double number = asNumber(item);
                if (!Double.isFinite(number)) {
                  throw mistyped(key, item, "only finite numbers in this list");
                }
                numbers.add(number);
              }
              return List.copyOf(numbers);
            });
  }

  /** Whether there is a value, and it is text. */
  public boolean isText(String key) {
    return value(key).filter(String.class::isInstance).isPresent();
  }

  /** A list of mappings; it may be empty. The place of each is {@code key[0]}, {@code key[1]}, … */
  public Optional<List<YamlSection>> sections(String key) {
    return value(key)
        .map(
            value -> {
              if (!(value instanceof List<?> items)) {
                throw mistyped(
                    key, value, "a list of mappings, each beginning with '- key: value'");
              }
              List<YamlSection> sections = new ArrayList<>();
              for (Object item : items) {
                String name = "%s[%d]".formatted(key, sections.size());
                if (!(item instanceof Map<?, ?> mapping)) {
                  throw mistyped(name, item, "a mapping");
                }
                sections.add(new YamlSection(file, place + name + ".", mapping));
              }
              return List.copyOf(sections);
            });
  }

  /**
   * What to throw where a key that must be there is not.
   *
   * @param expected what is expected of it, after "expected"
   */
  public YamlException missing(String key, String expected) {
    return refused(key, "is missing; expected %s".formatted(expected));
  }

  /**
   * What to throw where a value of the right type does not do.
   *
   * @param problem what is wrong and what is expected, after the key and its place
   */
  public YamlException refused(String key, String problem) {
    return new YamlException(
        "%s is refused: '%s' %s".formatted(file, place + cut(key), problem), null);
  }

  private Optional<Object> value(String key) {
    if (values.containsKey(key) && values.get(key) == null) {
      throw refused(key, "has no value; write one, or leave the key out");
    }
    return Optional.ofNullable(values.get(key));
  }

  private YamlException mistyped(String key, Object value, String expected) {
    return refused(key, "is %s; expected %s".formatted(shown(value), expected));
  }

  private static String shown(Object value) {
    if (value instanceof Map) {
      return "a mapping";
    }
    if (value instanceof List) {
      return "a list";
    }
    return "'%s'".formatted(cut(String.valueOf(value)));
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
