package io.instructorspark.page;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An HTML file that needs nothing else: no network, no font, no file beside it. Light or dark as
 * the reader's system is. All that is given as text is shown as text, whatever it holds. For one
 * thread.
 */
public final class Page {
  private final PageKind kind;
  private final String title;
  private final List<String> lead = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();
  private final List<Inlined> styles = new ArrayList<>(List.of(Inlined.of("page.css")));
  private final List<Inlined> scripts = new ArrayList<>();

  private Page(PageKind kind, String title) {
    this.kind = kind;
    this.title = title;
  }

  /**
   * Begins a page.
   *
   * @param title its heading, and the name of its window
   */
  public static Page of(PageKind kind, String title) {
    return new Page(kind, title);
  }

  /** Adds a sentence below the title. */
  public Page lead(String sentence) {
    lead.add(sentence);
    return this;
  }

  /** Adds a section below the others. */
  public Page add(Section section) {
    sections.add(section);
    return this;
  }

  /** Adds a style or script that sections of ours need. */
  Page with(List<Inlined> moreStyles, List<Inlined> moreScripts) {
    styles.addAll(moreStyles);
    scripts.addAll(moreScripts);
    return this;
  }

  /**
   * A text within a sentence of a page: the same, but for right-to-left writing and marks, which
   * are kept from turning the words around it.
   */
  public static String isolated(String text) {
    return Characters.isolated(text);
  }

  /** The whole file, to be written as UTF-8. */
  public String html() {
    Html html = new Html().markup(kind.head());
    html.open("html", "lang", "en").open("head");
    html.open("meta", "charset", "utf-8");
    html.open("meta", "http-equiv", "Content-Security-Policy", "content", policy());
    html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.open("meta", "name", "referrer", "content", "no-referrer");
    html.element("title", title);
    styles.forEach(style -> html.open("style").markup(style.source()).close("style"));
    html.close("head").open("body").open("main");
    html.open("header").element("h1", title, "dir", "auto");
    lead.forEach(sentence -> html.element("p", sentence, "class", "soft"));
    html.close("header");
    sections.forEach(section -> section.writeTo(html));
    html.close("main");
    scripts.forEach(script -> html.open("script").markup(script.source()).close("script"));
    return html.close("body").close("html").toString();
  }

  /** No script and no style works but those of the page, and nothing is ever fetched. */
  private String policy() {
    return "default-src 'none'; script-src %s; style-src %s; base-uri 'none'; form-action 'none'"
        .formatted(scripts.isEmpty() ? "'none'" : digests(scripts), digests(styles));
  }

  private static String digests(List<Inlined> parts) {
    return parts.stream().map(Inlined::digest).collect(Collectors.joining(" "));
  }
}
