package notebooks;

import java.io.PrintWriter;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.shell.ReplReporterImpl;

/** Scala 2.13's interpreter. */
final class Interpreter {
  private Interpreter() {}

  static IMain of(Settings settings, PrintWriter says) {
    return new IMain(settings, new ReplReporterImpl(settings, says));
  }
}
