package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As many points as a page may have: its size, and how long it takes until they are seen. */
class MapSizeBrowserIT {
  private static final int N = Points.MOST;

  private static final int MOST_PAINT_MILLIS = 3_000;
  private static final int MOST_HOVER_MILLIS = 100;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"2, 1", "3, 1", "2, 2"})
  void isSmallAndQuickEnough(int dims, int maps) throws IOException {
    List<Panel> panels =
        List.of(Maps.gathered("one: ", dims, N, 1), Maps.gathered("two: ", dims, N, 2))
            .subList(0, maps);
    MapPage page = new MapPage("Large", Maps.points(N), panels, Optional.empty());
    try (Browser browser = Browser.start()) {
      Path file = folder.resolve("large.html");
      browser.open(file, page.html());
      browser.drawn();
      Speed speed = Speed.of(browser);
      System.out.printf(
          "%d points, %d dimensions, %d maps: %.1f MB, %s%n",
          N, dims, maps, Files.size(file) / 1e6, speed);
      assertThat(Files.size(file)).isLessThan(20_000_000);
      assertThat(browser.number("instructorMap.count()")).isEqualTo(N);
      assertThat(speed.paintMillis()).isLessThan(MOST_PAINT_MILLIS);
      assertThat(speed.hoverMillis()).isLessThan(MOST_HOVER_MILLIS);
      assertThat(browser.messages()).isEmpty();
    }
  }
}
