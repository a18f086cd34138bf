package io.instructorspark.job.command;

import io.instructorspark.engine.InstructorModel;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** The versions a run depends on. */
public final class Versions implements IVersionProvider {
  /** Of this program, from its jar; {@code development} where it runs from classes. */
  public static String ofProgram() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** All of them, for the run record. Loads libtorch. */
  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("instructor-spark", ofProgram());
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("scala", scala.util.Properties$.MODULE$.versionNumberString());
    versions.put("java", Runtime.version().toString());
    versions.put("libtorch", InstructorModel.libtorchVersion());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "instructor-spark " + ofProgram(),
      "Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION() + ", Java " + Runtime.version()
    };
  }
}
