package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final String HOSTILE = "</title></script><script>alert('1')</script>\"\u0007";

  private static String policy(String html) {
    Matcher policy =
        Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"").matcher(html);
    assertThat(policy.find()).isTrue();
    return policy.group(1).replace("&#39;", "'");
  }

  private static Page everything(String text) {
    return Page.of(PageKind.CLUSTERS, text)
        .lead(text)
        .add(
            Section.of(text)
                .anchor("a-1")
                .heading(text)
                .paragraph(text)
                .soft(text)
                .list(List.of(new Section.Item(text, text), new Section.Item(text, "")))
                .chips(List.of(new Section.Chip(text, 0.5, text)))
                .chart(
                    new LineChart(
                        text,
                        text,
                        List.of(
                            new LineChart.Dot(text, 0.5, text), new LineChart.Dot(text, -1, text)),
                        OptionalInt.of(1)))
                .table(
                    new Table(
                        List.of(Column.text(text), Column.number(text), Column.bar(text)),
                        List.of(
                            List.of(Cell.of(text), Cell.strong(text), Cell.bar(1, text)),
                            List.of(
                                Cell.link(text, "a-1"),
                                Cell.of(text, text),
                                Cell.interval(0.1, 0.2, 0.3, text))))));
  }

  @Test
  void showsTextsAsTheyAreWhereverTheyStand() {
    String html = everything(HOSTILE).html();
    assertThat(html)
        .contains("&lt;/title&gt;&lt;/script&gt;&lt;script&gt;alert(&#39;1&#39;)")
        .doesNotContain("<script", "</title></script>", "\u0007", "style=\"", "NaN");
    assertThat(Pattern.compile("alert").matcher(html).results().count())
        .isEqualTo(Pattern.compile("&lt;script&gt;alert").matcher(html).results().count());
  }

  @Test
  void allowsItsOwnStyleAndNoScriptWhereItHasNone() {
    String html = everything("plain").html();
    Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(html);
    assertThat(style.find()).isTrue();
    assertThat(policy(html))
        .isEqualTo(
            "default-src 'none'; script-src 'none'; style-src %s; base-uri 'none'; form-action 'none'"
                .formatted(new Inlined(style.group(1)).digest()));
  }

  @Test
  void allowsTheScriptsThatAreInItAlone() {
    String html =
        new MapPage(
                "plain",
                new Points(
                    List.of("a"), Optional.empty(), new int[] {-1}, List.of(), Optional.empty(), 1),
                List.of(Maps.panel("", 2, new float[] {0, 1})),
                Optional.empty())
            .html();
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(html);
    String policy = policy(html);
    int scripts = 0;
    while (script.find()) {
      scripts++;
      assertThat(policy).contains(new Inlined(script.group(1)).digest());
    }
    assertThat(scripts).isEqualTo(2);
    assertThat(policy).doesNotContain("unsafe");
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    assertThatIllegalArgumentException().isThrownBy(() -> Section.of("a").anchor("\"x"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cell.bar(1.01, "too long"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cell.bar(Double.NaN, "none"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LineChart.Dot("1", Double.NaN, "none"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Table(List.of(Column.text("a")), List.of(List.of())));
  }
}
