package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.job.command.Transfers;
import io.instructorspark.job.metrics.ByteCount;
import io.instructorspark.spark.IfExists;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings a checkpoint where it is needed. */
@Command(
    name = "fetch",
    description =
        "Brings a checkpoint into this machine's cache, or copies it to where executors read it.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelLocation location;

  @Option(
      names = "--to",
      paramLabel = "PLACE",
      description =
          "copy its files to this folder, or to a URI that Hadoop writes (hdfs:, s3a:, ...)")
  private String to;

  @Option(
      names = "--if-exists",
      paramLabel = "WHAT",
      defaultValue = "error",
      description =
          "something else lies in PLACE: error (default), or overwrite the files of a checkpoint there")
  private IfExists ifExists;

  @Override
  public Integer call() {
    if (ifExists == IfExists.RESUME) {
      throw new ParameterException(
          spec.commandLine(), "--if-exists of fetch is error or overwrite, got resume");
    }
    Transfers transfers = Transfers.show(location.general());
    try {
      List<String> lines = to == null ? toThisMachine(transfers) : toPlace(transfers);
      if (!location.general().quiet()) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
      }
      return 0;
    } finally {
      transfers.close();
    }
  }

  private List<String> toThisMachine(Transfers transfers) {
    long start = System.nanoTime();
    Checkpoint checkpoint = location.open();
    double seconds = (System.nanoTime() - start) / 1e9;
    List<String> lines = new ArrayList<>();
    lines.add(
        transfers.bytes() == 0
            ? "%s is on this machine already".formatted(checkpoint.location())
            : "copied %s: %s".formatted(checkpoint.location(), speed(transfers.bytes(), seconds)));
    checkpoint.folder().ifPresent(folder -> lines.add("it lies in   %s".formatted(folder)));
    lines.addAll(ending(checkpoint, checkpoint.pinned()));
    return lines;
  }

  private List<String> toPlace(Transfers transfers) {
    Destination destination;
    try {
      destination = Destination.of(to, SparkHadoopUtil.get().newConfiguration(location.conf()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    boolean empty = destination.isEmpty(); // known to fail before gigabytes are fetched
    if (!empty && !destination.isCheckpoint() && ifExists == IfExists.ERROR) {
      throw new DestinationException(
          ("%s is not empty, and no complete checkpoint. If it is a copy that was broken off, say"
                  + " --if-exists overwrite; else choose another place")
              .formatted(to));
    }
    Checkpoint checkpoint = location.open();
    List<String> lines = new ArrayList<>();
    if (!empty && destination.holds(checkpoint)) {
      lines.add("%s holds this checkpoint already; nothing was copied".formatted(to));
    } else if (checkpoint.folder().filter(destination::is).isPresent()) {
      throw new DestinationException(
          ("%s is the folder that the checkpoint is read from. It has weights in more than one format,"
                  + " of which one is read; choose another place for a copy with that one alone")
              .formatted(to));
    } else if (!empty && ifExists == IfExists.ERROR) {
      throw new DestinationException(
          "%s holds another checkpoint than %s. Choose another place, or say --if-exists overwrite"
              .formatted(to, checkpoint.location()));
    } else {
      long before = transfers.bytes();
      long start = System.nanoTime();
      destination.copy(checkpoint, transfers.watch());
      double seconds = (System.nanoTime() - start) / 1e9;
      lines.add(
          "copied %s to %s: %d files, %s"
              .formatted(
                  checkpoint.location(),
                  to,
                  checkpoint.files().size(),
                  speed(transfers.bytes() - before, seconds)));
      lines.add("read back    every file as it was written");
    }
    lines.addAll(ending(checkpoint, to));
    return lines;
  }

  private static List<String> ending(Checkpoint checkpoint, String model) {
    return List.of(
        "fingerprint  %s".formatted(checkpoint.fingerprint()),
        "use it with  --model %s".formatted(model));
  }

  private static String speed(long bytes, double seconds) {
    return String.format(
        Locale.ROOT,
        "%s in %.1f s, %s/s",
        ByteCount.text(bytes),
        seconds,
        ByteCount.text(Math.round(bytes / Math.max(seconds, 1e-3))));
  }
}
