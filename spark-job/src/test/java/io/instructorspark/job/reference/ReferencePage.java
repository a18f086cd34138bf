package io.instructorspark.job.reference;

import java.nio.file.Path;

/** The pages of docs/reference. */
enum ReferencePage {
  PARAMS("params.md") {
    @Override
    String markdown() {
      return ParamsPage.markdown();
    }
  },
  SQL("sql.md") {
    @Override
    String markdown() {
      return SqlPage.markdown();
    }
  },
  COMMAND_LINE("command-line.md") {
    @Override
    String markdown() {
      return CommandLinePage.markdown();
    }
  },
  CONFIGURATION("configuration.md") {
    @Override
    String markdown() {
      return ConfigurationPage.markdown();
    }
  };

  private final String name;

  ReferencePage(String name) {
    this.name = name;
  }

  /** Where it lies, seen from this module. */
  Path file() {
    return Path.of("../docs/reference", name);
  }

  /** What it says, by the code. */
  abstract String markdown();
}
