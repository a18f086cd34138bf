package io.instructorspark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show is what the code takes. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern JAVA =
      Pattern.compile("^( *)```java\\R(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern FENCED =
      Pattern.compile("^ *```.*?^ *```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(#[^)\\s]+)?\\)");

  /** The pages that people read, as paths in the project. */
  static List<String> documents() throws IOException {
    try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"),
              pages
                  .filter(page -> page.toString().endsWith(".md"))
                  .map(page -> ROOT.relativize(page).toString().replace('\\', '/'))
                  .sorted())
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void hasJavaThatCompiles(String document, @TempDir Path classes) throws IOException {
    for (String snippet : snippets(document)) {
      assertThat(errors(snippet, classes)).as(snippet).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void hasLinksThatLeadSomewhere(String document) throws IOException {
    Path file = ROOT.resolve(document);
    Matcher link = LINK.matcher(withoutBlocks(file));
    while (link.find()) {
      Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
      assertThat(target).as(document).exists();
      if (link.group(2) != null) {
        assertThat(anchors(target)).as("%s: %s", document, link.group()).contains(link.group(2));
      }
    }
  }

  /** Every page is found by who looks for it. */
  @ParameterizedTest
  @MethodSource("documents")
  void isInTheIndex(String document) throws IOException {
    if (document.startsWith("docs/") && !document.startsWith("docs/adr/")) {
      String page = document.substring("docs/".length());
      if (!page.equals("user-guide.md")) {
        assertThat(Files.readString(ROOT.resolve("docs/user-guide.md")))
            .contains("](" + page + ")");
      }
    }
  }

  /** The anchors that GitHub gives to the headings of a page. */
  private static Set<String> anchors(Path page) throws IOException {
    return withoutBlocks(page)
        .lines()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> "#" + heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String withoutBlocks(Path page) throws IOException {
    return FENCED.matcher(Files.readString(page)).replaceAll("");
  }

  private static List<String> snippets(String document) throws IOException {
    List<String> snippets = new ArrayList<>();
    Matcher matcher = JAVA.matcher(Files.readString(ROOT.resolve(document)));
    while (matcher.find()) {
      snippets.add(matcher.group(2));
    }
    return snippets;
  }

  /** Compiles a snippet as the body of a method that is given a data set {@code reviews}. */
  private static List<String> errors(String snippet, Path classes) {
    String imports =
        snippet
            .lines()
            .filter(line -> line.startsWith("import "))
            .collect(Collectors.joining("\n"));
    String body =
        snippet
            .lines()
            .filter(line -> !line.startsWith("import "))
            .collect(Collectors.joining("\n"));
    String source =
        """
        import org.apache.spark.sql.*;
        %s
        class Snippet {
          void run(SparkSession spark, Dataset<Row> reviews) throws Exception {
        %s
          }
        }
        """
            .formatted(imports, body);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
    compiler.getTask(null, null, diagnostics, options, null, List.of(new Source(source))).call();
    return diagnostics.getDiagnostics().stream()
        .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .toList();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Snippet.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
