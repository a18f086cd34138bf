package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MapPageTest {
  private static final float[] SQUARE = {0, 0, 1, 0, 1, 1, 0, 1};

  private static Points four(String... texts) {
    return new Points(
        List.of(texts),
        Optional.empty(),
        new int[] {0, 0, 1, -1},
        List.of("b", "a"),
        Optional.empty(),
        4);
  }

  private static MapPage page(Points points, Panel... panels) {
    return new MapPage("a map", points, List.of(panels), Optional.empty());
  }

  private static JsonNode data(String html, String id) throws JsonProcessingException {
    Matcher data =
        Pattern.compile("id=\"" + id + "\">(.*?)</script>", Pattern.DOTALL).matcher(html);
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }

  @Nested
  class Data {
    @Test
    void holdsTheCoordinatesOfAllPanelsAsOneBlock() throws IOException {
      float[] turned = {0.5f, 0, -1, 0, 1, -1e-7f, 0, 1};
      String html =
          page(four("a", "b", "c", "d"), Maps.panel("x", 2, SQUARE), Maps.panel("y", 2, turned))
              .html();
      ByteBuffer bytes =
          ByteBuffer.wrap(data(html, "map-frame").at("/coordinates").binaryValue())
              .order(ByteOrder.LITTLE_ENDIAN);
      float[] found = new float[16];
      bytes.asFloatBuffer().get(found);
      assertThat(Arrays.copyOf(found, 8)).isEqualTo(SQUARE);
      assertThat(Arrays.copyOfRange(found, 8, 16)).isEqualTo(turned);
    }

    @Test
    void holdsNeighborsAsTwoBytesEach() throws IOException {
      Panel panel =
          new Panel("x", 2, SQUARE, new double[0], List.of(), new int[] {1, 0, 3, -1}, List.of());
      byte[] bytes =
          data(page(four("a", "b", "c", "d"), panel).html(), "map-frame")
              .at("/panels/0/neighbors")
              .binaryValue();
      assertThat(bytes).containsExactly(1, 0, 0, 0, 3, 0, -1, -1);
    }

    @Test
    void cutsTextsTo160CodePoints() throws IOException {
      String html =
          page(four("🦊".repeat(160), "🦊".repeat(161), "", "\0"), Maps.panel("", 2, SQUARE))
              .html();
      JsonNode texts = data(html, "map-texts");
      assertThat(texts.get(0).asText()).isEqualTo("🦊".repeat(160));
      assertThat(texts.get(1).asText()).isEqualTo("🦊".repeat(160) + "…");
      assertThat(texts.get(2).asText()).isEmpty();
      assertThat(texts.get(3).asText()).isEqualTo("\ufffd");
    }

    private static Panel large(int seed) {
      return Maps.withoutLabels(Maps.gathered("x", 3, Points.MOST, seed));
    }

    @Test
    void staysWithin20MegabytesWhateverTheTexts() throws IOException {
      int n = Points.MOST;
      Points points =
          new Points(
              Collections.nCopies(n, "漢".repeat(200)),
              Optional.of(Collections.nCopies(n, "0123456789")),
              new int[n],
              List.of("one"),
              Optional.empty(),
              n);
      String html = page(points, large(1), large(2)).html();
      assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(10_000_000, 20_000_000);
      assertThat(data(html, "map-texts").get(0).asText()).matches("漢{60,120}…");
    }
  }

  @Nested
  class Words {
    @Test
    void sayHowManyOfHowMany() {
      Points sample =
          new Points(
              List.of("a"),
              Optional.empty(),
              new int[] {0},
              List.of("b"),
              Optional.of("<i>"),
              1_234_567);
      assertThat(page(sample, Maps.panel("", 2, new float[2])).html())
          .contains("A sample: 1 of 1,234,567 texts, coloured by “&lt;i&gt;”.");
    }

    @Test
    void giveFiguresARowAndInstructionsAColumn() {
      Panel one = Maps.withoutLabels(Maps.gathered("for <topics>: ", 2, 4, 1));
      Panel other = Maps.panel("", 2, SQUARE);
      String html =
          new MapPage(
                  "t",
                  four("a", "b", "c", "d"),
                  List.of(one, other),
                  Optional.of(
                      new Pairs(new int[] {1, 0, -1, -1}, "pair", new double[] {0.25, Double.NaN})))
              .html();
      assertThat(html)
          .contains("for &lt;topics&gt;:</th>", "no instruction</th>")
          .contains("34.4 % (21.0 + 13.4)", "0.871", "0.2500", "<bdi>–</bdi>");
    }
  }

  @Nested
  class Refuses {
    private void refuses(String message, Runnable making) {
      assertThatIllegalArgumentException().isThrownBy(making::run).withMessageContaining(message);
    }

    @Test
    void partsThatDoNotFit() {
      Points points = four("a", "b", "c", "d");
      refuses("needs one map", () -> page(points));
      refuses("needs 8 coordinates", () -> page(points, Maps.panel("x", 2, new float[6])));
      refuses(
          "same number of dimensions",
          () -> page(points, Maps.panel("x", 2, SQUARE), Maps.panel("y", 3, new float[12])));
      refuses("must be finite", () -> Maps.panel("x", 2, new float[] {Float.NaN, 0}));
      refuses("2 or 3 dimensions", () -> Maps.panel("x", 4, SQUARE));
      refuses(
          "place of one of 4 points",
          () ->
              page(
                  points,
                  new Panel(
                      "x",
                      2,
                      SQUARE,
                      new double[0],
                      List.of(),
                      new int[] {1, 2, 3, 4},
                      List.of())));
      refuses(
          "pairs need a partner",
          () ->
              new MapPage(
                  "t",
                  points,
                  List.of(Maps.panel("x", 2, SQUARE)),
                  Optional.of(new Pairs(new int[] {-1}, "pair", new double[1]))));
    }

    @Test
    void labelsOfNoCategory() {
      Label label = new Label("x", 2, 0, 0, 0);
      refuses(
          "must be that of one of 2 categories",
          () ->
              page(
                  four("a", "b", "c", "d"),
                  new Panel("x", 2, SQUARE, new double[0], List.of(), new int[0], List.of(label))));
      refuses("must have a place", () -> new Label("x", -1, 0, Double.NaN, 0));
    }

    @Test
    void partnersThatDoNotHaveEachOther() {
      refuses("as its partner", () -> new Pairs(new int[] {1, 2, 1}, "pair", new double[1]));
      refuses("as its partner", () -> new Pairs(new int[] {0}, "pair", new double[1]));
    }

    @Test
    void pointsThatDoNotAddUp() {
      refuses(
          "need as many categories",
          () ->
              new Points(
                  List.of("a"), Optional.empty(), new int[2], List.of("b"), Optional.empty(), 2));
      refuses(
          "must be from -1 to 0",
          () ->
              new Points(
                  List.of("a"),
                  Optional.empty(),
                  new int[] {1},
                  List.of("b"),
                  Optional.empty(),
                  1));
      refuses(
          "cannot be of 0 rows",
          () ->
              new Points(
                  List.of("a"), Optional.empty(), new int[] {-1}, List.of(), Optional.empty(), 0));
      refuses(
          "give a sample of at most 50000",
          () ->
              new Points(
                  Collections.nCopies(50_001, "a"),
                  Optional.empty(),
                  new int[50_001],
                  List.of("b"),
                  Optional.empty(),
                  50_001));
    }
  }

  @Test
  void keepsItsNumbersToItself() {
    int[] categories = {0};
    Points points =
        new Points(List.of("a"), Optional.empty(), categories, List.of("b"), Optional.empty(), 1);
    categories[0] = 7;
    points.categories()[0] = 7;
    assertThat(points.categories()).containsExactly(0);
    assertThat(points)
        .isEqualTo(
            new Points(
                List.of("a"), Optional.empty(), new int[1], List.of("b"), Optional.empty(), 1));
  }
}
