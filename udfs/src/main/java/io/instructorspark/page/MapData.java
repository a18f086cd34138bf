package io.instructorspark.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the script of a map reads: texts as JSON, numbers as bytes in base64, the lowest first. */
final class MapData {
  /** Code points of a text that are shown; fewer where the page would be too large. */
  private static final int[] LENGTHS = {160, 120, 90, 60, 40, 20};

  private static final int MOST_BYTES = 20_000_000;

  /** The style and the library, and what else is on a page. */
  private static final int PAGE_BYTES = 900_000;

  private final MapPage page;

  MapData(MapPage page) {
    this.page = page;
  }

  /** Where the script puts the map, and its data. */
  void writeTo(Html html) {
    html.open("div", "id", "map-view").close("div");
    html.element(
        "noscript",
        "The map is drawn by a script, which is in this file; allow it to see the map.");
    String frame = InertJson.of(frame());
    long left = MOST_BYTES - PAGE_BYTES - bytes(frame);
    data(html, "map-frame", frame);
    data(html, "map-texts", texts(left));
  }

  private static void data(Html html, String id, String json) {
    html.open("script", "type", "application/json", "id", id).markup(json).close("script");
  }

  /** The texts, as long as there is room for. */
  private String texts(long room) {
    String json = "";
    for (int length : LENGTHS) {
      json =
          InertJson.of(
              page.points().texts().stream()
                  .map(text -> Characters.beginning(text, length))
                  .toList());
      if (bytes(json) <= room) {
        return json;
      }
    }
    return json;
  }

  private static long bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8).length;
  }

  private Map<String, Object> frame() {
    Points points = page.points();
    Map<String, Object> frame = new LinkedHashMap<>();
    frame.put("shown", page.shown());
    frame.put(
        "ids", points.ids().map(ids -> ids.stream().map(MapData::name).toList()).orElse(null));
    frame.put("categories", points.categories());
    frame.put("names", points.categoryNames().stream().map(MapData::name).toList());
    frame.put("colorColumn", points.colorColumn().map(MapData::name).orElse(null));
    frame.put("dims", page.panels().get(0).dims());
    frame.put("coordinates", coordinates());
    frame.put("panels", page.panels().stream().map(MapData::panel).toList());
    frame.put("pairs", page.pairs().map(Pairs::other).orElse(null));
    return frame;
  }

  /** Those of all maps, one map after the other. */
  private String coordinates() {
    int numbers = page.panels().stream().mapToInt(panel -> panel.coordinates().length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(numbers * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = bytes.asFloatBuffer();
    page.panels().forEach(panel -> floats.put(panel.coordinates()));
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static Map<String, Object> panel(Panel panel) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("heading", name(panel.heading()));
    shown.put("variance", panel.explainedVariance());
    shown.put("neighbors", neighbors(panel.neighbors()));
    List<Map<String, Object>> labels = new ArrayList<>();
    for (Label label : panel.labels()) {
      labels.add(
          Map.of(
              "text", name(label.text()),
              "category", label.category(),
              "at", new double[] {label.x(), label.y(), label.z()}));
    }
    shown.put("labels", labels);
    return shown;
  }

  /** Places fit into two bytes, as a page has 50,000 points at most; none is all ones. */
  private static String neighbors(int[] neighbors) {
    ByteBuffer bytes =
        ByteBuffer.allocate(neighbors.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int neighbor : neighbors) {
      bytes.putShort((short) neighbor);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** A short text, as names and ids are, within the same limit. */
  private static String name(String text) {
    return Characters.beginning(text, LENGTHS[0]);
  }
}
