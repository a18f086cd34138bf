package io.instructorspark.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the jobs and what they share. */
class JobArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.instructorspark.job");

  private static final String[] SHARED = {
    "..job.command..", "..job.rows..", "..job.report..", "..job.metrics.."
  };

  @Test
  void noJobKnowsAnother() {
    slices()
        .matching("io.instructorspark.job.(embed|instructions|model)..")
        .should()
        .notDependOnEachOther()
        .check(CLASSES);
  }

  @Test
  void whatIsSharedKnowsNoJob() {
    noClasses()
        .that()
        .resideInAnyPackage(SHARED)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..job", "..job.embed..", "..job.instructions..", "..job.model..")
        .check(CLASSES);
  }

  @Test
  void reportAndMetricsKnowNoSpark() {
    noClasses()
        .that()
        .resideInAnyPackage("..job.report..", "..job.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "io.instructorspark.spark..")
        .check(CLASSES);
  }

  @Test
  void nothingHereKnowsTheEnginesLibrary() {
    noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..").check(CLASSES);
  }

  @Test
  void onlyMainExits() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  @Test
  void publicTypesAreThese() {
    Stream<String> found =
        CLASSES.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(type -> type.getName().substring("io.instructorspark.job.".length()))
            .sorted();
    assertThat(found)
        .containsExactlyElementsOf(
            List.of(
                "Main",
                "command.GeneralOptions",
                "command.RowOptions",
                "command.Sessions",
                "command.SharedOptions",
                "command.Transfers",
                "command.Versions",
                "embed.EmbedCommand",
                "instructions.InstructionsCommand",
                "metrics.ByteCount",
                "metrics.Phases",
                "metrics.ProgressLine",
                "metrics.ProgressLine$Done",
                "metrics.TransferProgress",
                "model.ModelCommand",
                "report.ErrorParagraph",
                "report.RunRecord",
                "report.Secrets",
                "rows.IfExists",
                "rows.InputException",
                "rows.InputFormat",
                "rows.InputRows",
                "rows.OutputException",
                "rows.OutputFolder",
                "rows.OutputFormat",
                "rows.Quote",
                "rows.RowCount",
                "rows.RowSource"));
  }
}
