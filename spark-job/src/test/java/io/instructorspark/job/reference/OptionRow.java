package io.instructorspark.job.reference;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option or a positional argument as a row of a table. */
final class OptionRow {
  /** How a description says its default, where the command line itself knows none. */
  private static final Pattern IN_BRACKETS = Pattern.compile(" ?\\(default: ([^)]*)\\)");

  private static final Pattern IN_WORDS = Pattern.compile("[;.] [dD]efault: ([^;]*)$");
  private static final Pattern MARKED = Pattern.compile("(?<=^|[ ,])([^ ,]+) \\(default\\)");

  private OptionRow() {}

  /** What an argument is without its default, and that, in the command line's words. */
  record Described(String meaning, String otherwise, boolean value) {
    static Described of(ArgSpec argument) {
      String words = String.join(" ", argument.description());
      for (Pattern pattern : List.of(IN_BRACKETS, IN_WORDS, MARKED)) {
        Matcher found = pattern.matcher(words);
        if (found.find()) {
          String kept = pattern == MARKED ? Matcher.quoteReplacement(found.group(1)) : "";
          boolean value = pattern != IN_WORDS && found.group(1).matches("\\S+");
          return new Described(
              found.replaceFirst(kept), found.group(1), value || argument.defaultValue() != null);
        }
      }
      if (words.matches(".*\\b[dD]efaults?\\b.*")) {
        throw new IllegalStateException(
            "say the default of %s as (default: X), X (default), or ; default: words: %s"
                .formatted(argument, words));
      }
      return new Described(words, argument.defaultValue(), true);
    }
  }

  /** Its cells: the option, type, default and meaning. */
  static List<String> of(ArgSpec argument) {
    Described described = Described.of(argument);
    String otherwise = "";
    if (argument.required() && argument.group() == null && argument.defaultValue() == null) {
      otherwise = "*required*";
    } else if (described.otherwise() != null) {
      otherwise =
          described.value()
              ? Markdown.code(described.otherwise())
              : Markdown.prose(described.otherwise());
    }
    return List.of(
        Markdown.code(called(argument)),
        type(argument),
        otherwise,
        Markdown.prose(described.meaning()));
  }

  private static String called(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      String names = String.join(", ", option.names());
      return takesNothing(argument) ? names : names + " " + option.paramLabel();
    }
    return argument.paramLabel();
  }

  /** What it is called in a sentence. */
  static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static boolean takesNothing(ArgSpec argument) {
    return argument.arity().max() == 0;
  }

  private static String type(ArgSpec argument) {
    if (takesNothing(argument)) {
      return "switch";
    }
    Class<?> whole = argument.type();
    if (Map.class.isAssignableFrom(whole)) {
      return "key and value, repeatable";
    }
    Class<?> one = argument.auxiliaryTypes()[0];
    String word;
    if (one.isEnum()) {
      word =
          Arrays.stream(one.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
              .filter(choice -> isOffered(argument, choice))
              .map(Markdown::code)
              .collect(Collectors.joining(", "));
    } else if (one == Integer.class || one == int.class || one == Long.class || one == long.class) {
      word = "int";
    } else if (one == Double.class || one == double.class) {
      word = "number";
    } else if (one == Path.class) {
      word = "local path";
    } else if (one == String.class) {
      word = "string";
    } else {
      throw new IllegalStateException("no word for " + one + " of " + argument);
    }
    if (!argument.splitRegex().isEmpty()) {
      return word + "s, separated by `" + argument.splitRegex() + "`";
    }
    return Collection.class.isAssignableFrom(whole) ? word + ", repeatable" : word;
  }

  /**
   * Some commands take fewer of an enum's choices than there are, and name those that they take.
   */
  private static boolean isOffered(ArgSpec argument, String choice) {
    return Arrays.asList(String.join(" ", argument.description()).split("\\W+")).contains(choice);
  }
}
