package io.instructorspark.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.WheelInput.ScrollOrigin;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a screen, with a page that was opened from a file. */
final class Browser implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]*)\"");

  /** It has no classes for each version of Chromium, and says so; none are used here. */
  private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts it; the system properties {@code chromium} and {@code chromedriver} say where they are.
   */
  static Browser start() {
    DEVTOOLS.setLevel(Level.OFF);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(System.getProperty("chromium", "/usr/bin/chromium"));
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(
                Path.of(System.getProperty("chromedriver", "/usr/bin/chromedriver")).toFile())
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
    driver.manage().window().setSize(new Dimension(1300, 1000));
    return new Browser(driver);
  }

  /** Writes a page and opens it. */
  void open(Path file, String html) throws IOException {
    Files.write(file, html.getBytes(StandardCharsets.UTF_8));
    messages();
    requests();
    driver.get(file.toUri().toString());
  }

  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** What the console says since the last call. */
  List<String> messages() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /** Addresses that were asked for since the last call. */
  List<String> requests() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(LogEntry::getMessage)
        .filter(message -> message.contains("\"Network.requestWillBeSent\""))
        .map(
            message -> {
              Matcher url = URL.matcher(message.substring(message.indexOf("\"request\":")));
              return url.find() ? url.group(1) : message;
            })
        .toList();
  }

  /** What an expression of JavaScript is. */
  Object value(String expression) {
    return driver.executeScript("return " + expression);
  }

  /** Pixels of a canvas on which there is something. */
  long ink(String canvas) {
    return number(
        """
        (() => {
          const canvas = %s;
          const copy = document.createElement("canvas");
          [copy.width, copy.height] = [canvas.width, canvas.height];
          const pen = copy.getContext("2d", { willReadFrequently: true });
          pen.drawImage(canvas, 0, 0);
          const bytes = pen.getImageData(0, 0, copy.width, copy.height).data;
          let ink = 0;
          for (let k = 3; k < bytes.length; k += 4) if (bytes[k]) ink++;
          return ink;
        })()"""
            .formatted(canvas));
  }

  /** Pixels that the points of a map cover, and its axes. */
  long inkOfPoints(int map) {
    return ink(
        "document.querySelectorAll('.map-chart')[%d].querySelector('canvas')".formatted(map));
  }

  long number(String expression) {
    return ((Number) value(expression)).longValue();
  }

  boolean holds(String expression) {
    return Boolean.TRUE.equals(value(expression));
  }

  /** Waits until a frame is drawn after what was done before. */
  void drawn() {
    driver.executeAsyncScript(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
  }

  void until(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 10 seconds: " + what);
      }
      drawn();
    }
  }

  /** Brings an element to the middle of the window. */
  void show(String css) {
    driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", find(css));
    drawn();
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  Actions mouse() {
    return new Actions(driver, Duration.ofMillis(50));
  }

  /** Moves the mouse to a place of the window, as a hand does. */
  void pointAt(int x, int y) {
    mouse().moveToLocation(x, y).perform();
    drawn();
  }

  /** Turns the wheel over the first map. */
  void scroll(int pixels) {
    mouse().scrollFromOrigin(ScrollOrigin.fromElement(find(".map-box")), 0, pixels).perform();
    drawn();
  }

  /** Drags the first map. */
  void drag(int right, int down) {
    mouse()
        .moveToElement(find(".map-box"))
        .clickAndHold()
        .moveByOffset(right, down)
        .release()
        .perform();
    drawn();
  }

  /** Where a point is on a map, in pixels of the window. */
  int[] position(int point, int map) {
    List<?> at = (List<?>) value("instructorMap.position(%d, %d)".formatted(point, map));
    return at.stream()
        .mapToInt(pixel -> (int) Math.round(((Number) pixel).doubleValue()))
        .toArray();
  }

  void dark(boolean dark) {
    media("prefers-color-scheme", dark ? "dark" : "light");
  }

  void calm() {
    media("prefers-reduced-motion", "reduce");
  }

  private void media(String name, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", name, "value", value))));
    drawn();
  }

  /** What the window shows, as a PNG. */
  byte[] screenshot() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
