package notebooks;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import scala.Console$;
import scala.collection.JavaConverters;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;

/**
 * Paragraphs of Scala in one interpreter of Scala's own, set up as spark-shell and Zeppelin set theirs up: one paragraph sees
 * what those before it have defined.
 */
public final class ScalaParagraphs {
  private final StringWriter said = new StringWriter();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final IMain interpreter;

  /**
   * @param jar beside Spark's own class path
   * @param classes folder for what is compiled, from which tasks load it: the session's {@code spark.repl.class.outputDir}
   */
  @SuppressWarnings("deprecation") // Scala 2.12 has no other conversion of lists
  public ScalaParagraphs(String jar, String classes) {
    String classPath = System.getProperty("java.class.path") + File.pathSeparator + jar;
    List<String> arguments = List.of("-Yrepl-class-based", "-Yrepl-outdir", classes, "-classpath", classPath);
    Settings settings = new Settings();
    settings.processArguments(JavaConverters.asScalaBuffer(arguments).toList(), true);
    settings.embeddedDefaults(Thread.currentThread().getContextClassLoader()); // it has the jar
    interpreter = Interpreter.of(settings, new PrintWriter(said, true));
  }

  /** Runs a paragraph; whether it compiled and ran to its end. */
  public boolean run(String code) {
    said.getBuffer().setLength(0);
    printed.reset();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(interpreter.classLoader());
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Object result = Console$.MODULE$.withOut(out, () -> interpreter.interpret(code));
      return "Success".equals(result.toString());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** What the last paragraph printed itself. */
  public String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** What the interpreter said of it: its values and their types, or what is wrong. */
  public String said() {
    return said.toString();
  }
}
