package io.instructorspark.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A part of a page with what is added to it, in that order. For one thread. */
public final class Section {
  private static final Pattern ANCHOR = Pattern.compile("[a-z][a-z0-9-]*");

  private final String heading;
  private final List<Consumer<Html>> blocks = new ArrayList<>();
  private String anchor = "";

  /**
   * A line of a list.
   *
   * @param text may be long, and of any language
   * @param said of it, in small print; may be empty
   */
  public record Item(String text, String said) {}

  /**
   * A word in a row of words.
   *
   * @param weight from 0 to 1; the heavier, the stronger it is shown
   * @param title what is shown when one stays on it; may be empty
   */
  public record Chip(String word, double weight, String title) {}

  private Section(String heading) {
    this.heading = heading;
  }

  /**
   * Begins a section.
   *
   * @param heading may be empty, for a section without one
   */
  public static Section of(String heading) {
    return new Section(heading);
  }

  /**
   * Names the section, so that {@link Cell#link} can lead to it.
   *
   * @throws IllegalArgumentException if the name is not of lower-case letters, digits and hyphens
   */
  public Section anchor(String name) {
    anchor = checkedAnchor(name);
    return this;
  }

  static String checkedAnchor(String name) {
    if (!ANCHOR.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the anchor '%s' must begin with a lower-case letter, and hold such letters, digits and hyphens"
              .formatted(name));
    }
    return name;
  }

  /** Adds a smaller heading. */
  public Section heading(String words) {
    return block(html -> html.element("h3", words, "dir", "auto"));
  }

  /** Adds a paragraph. */
  public Section paragraph(String sentences) {
    return block(html -> html.element("p", sentences, "dir", "auto"));
  }

  /** Adds a paragraph that stands back. */
  public Section soft(String sentences) {
    return block(html -> html.element("p", sentences, "class", "soft", "dir", "auto"));
  }

  /** Adds a table. */
  public Section table(Table table) {
    return block(table::writeTo);
  }

  /** Adds a chart. */
  public Section chart(LineChart chart) {
    return block(chart::writeTo);
  }

  /** Adds a numbered list. */
  public Section list(List<Item> items) {
    return block(
        html -> {
          html.open("ol");
          for (Item item : items) {
            html.open("li").element("bdi", item.text());
            if (!item.said().isEmpty()) {
              html.element("span", item.said(), "class", "said");
            }
            html.close("li");
          }
          html.close("ol");
        });
  }

  /** Adds a row of words. */
  public Section chips(List<Chip> chips) {
    return block(
        html -> {
          html.open("p", "class", "chips");
          for (Chip chip : chips) {
            String step = "chip w" + Math.round(3 * Math.max(0, Math.min(1, chip.weight())));
            html.element("bdi", chip.word(), "class", step, "title", chip.title());
          }
          html.close("p");
        });
  }

  /** Adds what the kit itself makes. */
  Section block(Consumer<Html> block) {
    blocks.add(block);
    return this;
  }

  void writeTo(Html html) {
    List<String> attributes = new ArrayList<>(List.of("class", "card"));
    Optional.of(anchor)
        .filter(name -> !name.isEmpty())
        .ifPresent(name -> attributes.addAll(List.of("id", name)));
    html.open("section", attributes.toArray(String[]::new));
    if (!heading.isEmpty()) {
      html.element("h2", heading, "dir", "auto");
    }
    blocks.forEach(block -> block.accept(html));
    html.close("section");
  }
}
