package io.instructorspark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between packages, the names, and the public types. */
class ArchitectureTest {
  /** Plain tests over them: Surefire leaves out ArchUnit's rules in fields when a test is named. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.instructorspark");

  private static final DescribedPredicate<JavaClass> DJL =
      resideInAPackage("ai.djl..").as("types of DJL");

  @Test
  void arrowsGoFromTextToSpark() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("text")
        .definedBy("io.instructorspark.text..")
        .layer("checkpoint")
        .definedBy("io.instructorspark.checkpoint..")
        .layer("engine")
        .definedBy("io.instructorspark.engine..")
        .layer("spark")
        .definedBy("io.instructorspark.spark..")
        .layer("page")
        .definedBy("io.instructorspark.page..")
        .whereLayer("page")
        .mayOnlyBeAccessedByLayers("spark")
        .whereLayer("spark")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("spark")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("engine", "spark")
        .whereLayer("text")
        .mayOnlyBeAccessedByLayers("checkpoint", "engine", "spark")
        .check(CLASSES);
  }

  @Test
  void textKnowsOnlyJava() {
    classes()
        .that()
        .resideInAPackage("io.instructorspark.text..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.instructorspark.text..", "java..")
        .check(CLASSES);
  }

  @Test
  void pagesKnowJavaAndJson() {
    classes()
        .that()
        .resideInAPackage("io.instructorspark.page..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.instructorspark.page..", "java..", "com.fasterxml.jackson..")
        .check(CLASSES);
  }

  @Test
  void checkpointKnowsFilesAndJson() {
    classes()
        .that()
        .resideInAPackage("io.instructorspark.checkpoint..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.instructorspark.checkpoint..",
                "io.instructorspark.text..",
                "java..",
                "javax.net.ssl..",
                "com.fasterxml.jackson..",
                "org.slf4j.."))
        .check(CLASSES);
  }

  @Test
  void onlySparkPackagesKnowSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.instructorspark.spark..", "io.instructorspark.job..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(CLASSES);
  }

  @Test
  void onlyTheEngineKnowsDjl() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.instructorspark.engine..")
        .should()
        .dependOnClassesThat(DJL)
        .check(CLASSES);
  }

  @Test
  void djlStaysBehindTheEnginesPublicMethods() {
    codeUnits()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should(mentionNoTypeOfDjl())
        .check(CLASSES);
  }

  @Test
  void djlStaysBehindTheEnginesPublicFields() {
    fields().that().arePublic().should().notHaveRawType(DJL).check(CLASSES);
  }

  @Test
  void namesAreDomainNouns() {
    noClasses()
        .should()
        .haveNameMatching(
            ".*[.$]((Abstract|Base)[A-Z][A-Za-z0-9]*|[A-Za-z0-9]*(Utils?|Helper|Manager))")
        .check(CLASSES);
  }

  @Test
  void packagesAreDomainNouns() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..utils..",
            "..common..",
            "..helper..",
            "..impl..",
            "..manager..",
            "..service..")
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .hasSizeGreaterThan(3)
        .allSatisfy(
            name ->
                assertThat(Path.of("src/main/java", name.split("[.]")).resolve("package-info.java"))
                    .exists());
  }

  @Test
  void publicTypesAreThoseOfTheList() {
    List<String> published =
        CLASSES.stream()
            .filter(ArchitectureTest::isPublic)
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .toList();
    assertThat(published)
        .as("public types; a new one belongs into public-types.txt, and into the documentation")
        .isEqualTo(publicTypes());
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.isAnonymousClass()
        && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  private static List<String> publicTypes() {
    try (InputStream list = ArchitectureTest.class.getResourceAsStream("/public-types.txt")) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ArchCondition<JavaCodeUnit> mentionNoTypeOfDjl() {
    return new ArchCondition<>("mention no type of DJL") {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        involved(unit)
            .filter(DJL)
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            unit, unit.getFullName() + " mentions " + type.getName())));
      }
    };
  }

  private static Stream<JavaClass> involved(JavaCodeUnit unit) {
    return Stream.of(
            unit.getReturnType().getAllInvolvedRawTypes().stream(),
            unit.getParameterTypes().stream()
                .flatMap(type -> type.getAllInvolvedRawTypes().stream()),
            unit.getThrowsClause().getTypes().stream())
        .flatMap(Function.identity());
  }
}
