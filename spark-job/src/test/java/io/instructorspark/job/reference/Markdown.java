package io.instructorspark.job.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page as it is put together, and how words of the code look in it. Not thread-safe. */
final class Markdown {
  /** What reads as code within a sentence: options, settings, variables, types, locations. */
  private static final Pattern CODE =
      Pattern.compile(
          "--[a-z][a-z-]*(?:=\\S+\\w)?"
              + "|\\b[\\w.]*\\w=\\w+"
              + "|\\b(?:spark|instructor)\\.\\w+[\\w.]*\\w"
              + "|\\b[A-Z]+(?:_[A-Z0-9]+)+\\b"
              + "|\\b(?:array|map|struct)<[^>]*>+"
              + "|\\b(?:hf|https?)://[\\w.:/\\[\\]@]*[\\w\\]]"
              + "|\\bbuiltin:[\\w-]+"
              + "|\\b_?[a-z][a-z0-9]*(?:_[a-z0-9]+)+\\b(?:\\.\\w+)?"
              + "|(?<!\\w)_[a-z]\\w*(?:\\.\\w+)?"
              + "|\\b[a-z]+[A-Z]\\w*\\b"
              + "|\\b[A-Z][a-z]\\w+\\.[a-z]\\w+\\b"
              + "|\\bscripts/[\\w/-]+"
              + "|\\b\\w+\\.(?:jsonl?|html|yaml)\\b"
              + "|</?[a-z]+>"
              + "|'?@[A-Za-z]+'?"
              + "|~/\\.\\w+");

  private static final Pattern SPECIAL = Pattern.compile("[\\\\*`<~]");

  private final StringBuilder text = new StringBuilder();

  /** A page with a title, what it is, and a list of its sections. */
  static Markdown page(String title, String intro, List<String> sections) {
    Markdown page = new Markdown();
    page.line("<!-- Written by scripts/reference from the code: change the code, and run it. -->")
        .line("")
        .line("# " + title)
        .paragraph(intro);
    page.line("");
    sections.forEach(section -> page.line("- [%s](#%s)".formatted(section, anchor(section))));
    return page;
  }

  /** A heading, which the list of sections leads to. */
  Markdown section(String heading) {
    return line("").line("## " + heading);
  }

  /** A heading within a section. */
  Markdown part(String heading) {
    return line("").line("### " + heading);
  }

  /** A paragraph, as it is. */
  Markdown paragraph(String paragraph) {
    return line("").line(paragraph);
  }

  /** A list. */
  Markdown list(List<String> entries) {
    line("");
    entries.forEach(entry -> line("- " + entry));
    return this;
  }

  /** Lines as they are typed or printed. */
  Markdown fenced(String language, List<String> lines) {
    line("").line("```" + language);
    lines.forEach(this::line);
    return line("```");
  }

  /** A table; its cells are Markdown. */
  Markdown table(List<String> heads, List<List<String>> rows) {
    line("").line(row(heads)).line("|" + "---|".repeat(heads.size()));
    rows.forEach(cells -> line(row(cells)));
    return this;
  }

  private static String row(List<String> cells) {
    List<String> safe = new ArrayList<>();
    cells.forEach(cell -> safe.add(cell.replace("|", "\\|")));
    return "| " + String.join(" | ", safe) + " |";
  }

  private Markdown line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** A word of the code. */
  static String code(String word) {
    return "`" + word + "`";
  }

  /** Words of the code, one after the other. */
  static String codes(List<String> words) {
    return String.join(", ", words.stream().map(Markdown::code).toList());
  }

  /** A sentence of the code's, with its names as code and without accidents. */
  static String prose(String sentence) {
    StringBuilder prose = new StringBuilder();
    Matcher code = CODE.matcher(sentence);
    int end = 0;
    while (code.find()) {
      prose.append(escaped(sentence.substring(end, code.start()))).append(code(code.group()));
      end = code.end();
    }
    return prose.append(escaped(sentence.substring(end))).toString();
  }

  private static String escaped(String plain) {
    return SPECIAL
        .matcher(plain)
        .replaceAll(found -> Matcher.quoteReplacement("\\" + found.group()));
  }

  /** Where a heading is found, as GitHub has it. */
  static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
