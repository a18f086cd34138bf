package notebooks;

import java.io.PrintWriter;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;

/** Scala 2.12's interpreter. */
final class Interpreter {
  private Interpreter() {}

  static IMain of(Settings settings, PrintWriter says) {
    return new IMain(settings, says);
  }
}
