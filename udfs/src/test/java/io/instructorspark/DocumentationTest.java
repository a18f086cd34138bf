package io.instructorspark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents show is what the code takes. */
class DocumentationTest {
  private static final Pattern JAVA = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/tables.md", "docs/user-guide.md"})
  void hasJavaThatCompiles(String document, @TempDir Path classes) throws IOException {
    for (String snippet : snippets(document)) {
      assertThat(errors(snippet, classes)).as(snippet).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/deployment.md",
        "docs/evaluation.md",
        "docs/instructions.md",
        "docs/migrating.md",
        "docs/reference/command-line.md",
        "docs/reference/configuration.md",
        "docs/reference/params.md",
        "docs/reference/sql.md",
        "docs/tables.md",
        "docs/user-guide.md"
      })
  void hasLinksThatLeadSomewhere(String document) throws IOException {
    Path file = Path.of("..", document);
    Matcher link = LINK.matcher(Files.readString(file));
    while (link.find()) {
      assertThat(file.resolveSibling(link.group(1))).as(document).exists();
    }
  }

  private static List<String> snippets(String document) throws IOException {
    List<String> snippets = new ArrayList<>();
    Matcher matcher = JAVA.matcher(Files.readString(Path.of("..", document)));
    while (matcher.find()) {
      snippets.add(matcher.group(1));
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
