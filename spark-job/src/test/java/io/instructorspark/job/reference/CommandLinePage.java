package io.instructorspark.job.reference;

import io.instructorspark.job.Main;
import io.instructorspark.job.command.GeneralOptions;
import io.instructorspark.job.command.InputOptions;
import io.instructorspark.job.command.RowOptions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.VectorOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands and their options, by the command line's own model of them. */
final class CommandLinePage {
  private static final String HELP = "Options of every command";

  /** What options are called that several commands share, by the class that holds them. */
  private static final Map<Class<?>, String> SHARED = new LinkedHashMap<>();

  static {
    SHARED.put(InputOptions.class, "Options for reading rows");
    SHARED.put(RowOptions.class, "Options for rows");
    SHARED.put(VectorOptions.class, "Options for vectors");
    SHARED.put(SharedOptions.class, "Options for the model and the run");
    SHARED.put(GeneralOptions.class, "Options for settings and messages");
  }

  private CommandLinePage() {}

  static String markdown() {
    List<CommandSpec> commands = new ArrayList<>();
    collect(new CommandLine(new Main()).getCommandSpec(), commands);
    List<String> sections = new ArrayList<>();
    commands.forEach(command -> sections.add(command.qualifiedName()));
    sections.addAll(SHARED.values());
    sections.add(HELP);
    Markdown page =
        Markdown.page(
            "The command line",
            "Every command of `scripts/instructor` with all of its options. The exit status is 0 when all is done, 1 when the command"
                + " failed, and 2 when it was called wrongly. An option that is not given leaves the choice to the"
                + " [session's settings](configuration.md#settings-of-spark), and these to the default. *Repeatable* options may be"
                + " given several times.",
            sections);
    Map<Class<?>, CommandSpec> shared = new LinkedHashMap<>();
    for (CommandSpec command : commands) {
      command(page, command, shared);
    }
    for (Map.Entry<Class<?>, String> group : SHARED.entrySet()) {
      CommandSpec mixin = shared.get(group.getKey());
      page.section(group.getValue());
      page.paragraph("Of " + users(commands, group.getKey()) + ".");
      arguments(page, mixin);
      mixins(page, mixin, new LinkedHashMap<>());
    }
    page.section(HELP);
    arguments(page, commands.get(0).mixins().get("mixinStandardHelpOptions"));
    return page.toString();
  }

  /** Commands that do something, in their order, each before those below it. */
  private static void collect(CommandSpec command, List<CommandSpec> commands) {
    for (CommandLine sub : new LinkedHashSet<>(command.subcommands().values())) {
      CommandSpec spec = sub.getCommandSpec();
      if (!(spec.userObject() instanceof CommandLine.HelpCommand)) {
        if (spec.subcommands().isEmpty()) {
          commands.add(spec);
        }
        collect(spec, commands);
      }
    }
  }

  private static void command(
      Markdown page, CommandSpec command, Map<Class<?>, CommandSpec> shared) {
    page.section(command.qualifiedName());
    page.paragraph(Markdown.prose(String.join(" ", command.usageMessage().description())));
    arguments(page, command);
    for (ArgGroupSpec group : command.argGroups()) {
      String names =
          group.args().stream()
              .map(argument -> Markdown.code(OptionRow.name(argument)))
              .collect(Collectors.joining(" and "));
      page.paragraph(
          (group.multiplicity().min() > 0
                  ? "Of %s one is required, and no more."
                  : "Of %s at most one.")
              .formatted(names));
    }
    mixins(page, command, shared);
  }

  /** Where the rest of a command's options is told. */
  private static void mixins(
      Markdown page, CommandSpec command, Map<Class<?>, CommandSpec> shared) {
    List<String> links = new ArrayList<>();
    for (CommandSpec mixin : mixed(command)) {
      Class<?> type = mixin.userObject().getClass();
      if (SHARED.containsKey(type)) {
        String title = SHARED.get(type);
        links.add("[%s](#%s)".formatted(lower(title), Markdown.anchor(title)));
        remember(mixin, shared);
      }
    }
    if (!links.isEmpty()) {
      page.paragraph("Also the " + joined(links) + ".");
    }
  }

  private static void remember(CommandSpec mixin, Map<Class<?>, CommandSpec> shared) {
    shared.putIfAbsent(mixin.userObject().getClass(), mixin);
    mixed(mixin).forEach(inner -> remember(inner, shared));
  }

  /** Also those in mixins that only this command has. */
  private static List<CommandSpec> mixed(CommandSpec command) {
    List<CommandSpec> mixed = new ArrayList<>();
    for (Map.Entry<String, CommandSpec> mixin : command.mixins().entrySet()) {
      if (!mixin.getKey().equals("mixinStandardHelpOptions")) {
        if (SHARED.containsKey(mixin.getValue().userObject().getClass())) {
          mixed.add(mixin.getValue());
        } else {
          mixed.addAll(mixed(mixin.getValue()));
        }
      }
    }
    return mixed;
  }

  private static String users(List<CommandSpec> commands, Class<?> group) {
    return joined(
        commands.stream()
            .filter(command -> uses(command, group))
            .map(command -> Markdown.code(command.qualifiedName().replaceFirst("^instructor ", "")))
            .toList());
  }

  private static boolean uses(CommandSpec command, Class<?> group) {
    return mixed(command).stream()
        .anyMatch(mixin -> mixin.userObject().getClass() == group || uses(mixin, group));
  }

  /** The options that stand with the command itself, and not with those that it shares. */
  private static void arguments(Markdown page, CommandSpec command) {
    Set<String> elsewhere = new LinkedHashSet<>();
    mixed(command)
        .forEach(mixin -> mixin.options().forEach(option -> elsewhere.add(option.longestName())));
    CommandSpec help = command.mixins().get("mixinStandardHelpOptions");
    if (help != null) {
      help.options().forEach(option -> elsewhere.add(option.longestName()));
    }
    List<List<String>> rows = new ArrayList<>();
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      rows.add(OptionRow.of(parameter));
    }
    for (OptionSpec option : command.options()) {
      if (!elsewhere.contains(option.longestName())) {
        rows.add(OptionRow.of(option));
      }
    }
    if (!rows.isEmpty()) {
      page.table(List.of("option", "type", "default", "meaning"), rows);
    }
  }

  /** The default that an option's description has, or the command line; null for none. */
  static String defaultOf(String command, String option) {
    return OptionRow.Described.of(
            new CommandLine(new Main())
                .getSubcommands()
                .get(command)
                .getCommandSpec()
                .findOption(option))
        .otherwise();
  }

  private static String lower(String title) {
    return title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1);
  }

  private static String joined(List<String> words) {
    return words.size() < 2
        ? String.join("", words)
        : String.join(", ", words.subList(0, words.size() - 1))
            + " and "
            + words.get(words.size() - 1);
  }
}
