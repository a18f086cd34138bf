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
    "..job.command..",
    "..job.rows..",
    "..job.yaml..",
    "..job.vectors..",
    "..job.separation..",
    "..job.kmeans..",
    "..job.report..",
    "..job.metrics.."
  };

  @Test
  void noJobKnowsAnother() {
    slices()
        .matching(
            "io.instructorspark.job.(classify|cluster|compare|embed|evaluate|instructions|map|model|neighbors|train)..")
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
        .resideInAnyPackage(
            "..job",
            "..job.classify..",
            "..job.cluster..",
            "..job.compare..",
            "..job.embed..",
            "..job.evaluate..",
            "..job.instructions..",
            "..job.map..",
            "..job.model..",
            "..job.neighbors..",
            "..job.train..")
        .check(CLASSES);
  }

  @Test
  void reportMetricsAndSettingsKnowNoSpark() {
    noClasses()
        .that()
        .resideInAnyPackage("..job.report..", "..job.metrics..", "..job.yaml..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "io.instructorspark.spark..")
        .check(CLASSES);
  }

  @Test
  void onlyOnePackageKnowsYaml() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..job.yaml..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.yaml..")
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
                "classify.ClassifyCommand",
                "cluster.ClusterCommand",
                "command.GeneralOptions",
                "command.InputOptions",
                "command.Places",
                "command.RowOptions",
                "command.Sessions",
                "command.SharedOptions",
                "command.SystemProperty",
                "command.Transfers",
                "command.VectorOptions",
                "command.Versions",
                "compare.CompareCommand",
                "embed.EmbedCommand",
                "evaluate.EvaluateCommand",
                "instructions.InstructionsCommand",
                "kmeans.Assignment",
                "kmeans.ClusterFit",
                "kmeans.ClusterFit$Candidate",
                "kmeans.ClusterFit$Fitted",
                "kmeans.ClusterRange",
                "kmeans.RepeatableRows",
                "map.MapCommand",
                "metrics.ByteCount",
                "metrics.Phases",
                "metrics.ProgressLine",
                "metrics.ProgressLine$Done",
                "metrics.TransferProgress",
                "model.ModelCommand",
                "neighbors.NeighborsCommand",
                "report.ErrorParagraph",
                "report.RunRecord",
                "report.Secrets",
                "rows.FileColumn",
                "rows.InputException",
                "rows.InputFormat",
                "rows.InputRows",
                "rows.OutputFolder",
                "rows.Quote",
                "rows.RowSource",
                "rows.Spelling",
                "rows.Storage",
                "separation.Agreement",
                "separation.LabelledRows",
                "separation.Labels",
                "separation.RowCounts",
                "separation.Separation",
                "separation.SeparationException",
                "separation.Silhouette",
                "train.TrainCommand",
                "vectors.RowHash",
                "vectors.SavedPipeline",
                "vectors.VectorCounts",
                "vectors.VectorRows",
                "vectors.VectorSource",
                "yaml.YamlException",
                "yaml.YamlFile",
                "yaml.YamlSection"));
  }
}
