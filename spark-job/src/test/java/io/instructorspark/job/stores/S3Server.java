package io.instructorspark.job.stores;

import io.instructorspark.job.Jvms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** An object store in a process of its own, on the loopback, that logs what is asked of it. */
final class S3Server implements AutoCloseable {
  static final String SECRET = "hush-hush/secret+key";

  private static final String JAR = "target/servers/s3proxy.jar";
  private static final Pattern STARTED =
      Pattern.compile("Started ServerConnector.*127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern REQUEST =
      Pattern.compile("request: Request\\((\\w+) http://[^/]+(\\S+)\\)@");

  private final Process process;
  private final Path log;
  private final int port;

  private S3Server(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  static S3Server start(Path folder) throws IOException, InterruptedException {
    Path data = Files.createDirectories(folder.resolve("s3-data"));
    Path properties =
        Files.write(
            folder.resolve("s3.properties"),
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:0",
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=reader",
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=filesystem-nio2",
                "jclouds.identity=none",
                "jclouds.credential=none",
                "jclouds.filesystem.basedir=" + data));
    Path log = folder.resolve("s3.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Jvms.java(), "-Xmx128m", "-jar", JAR, "--properties", properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LOG_LEVEL", "debug");
    Process process = builder.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher started = STARTED.matcher(Files.readString(log));
      if (started.find()) {
        return new S3Server(process, log, Integer.parseInt(started.group(1)));
      }
      Thread.sleep(50);
    }
    process.destroyForcibly();
    throw new IOException("the object store did not start:\n" + Files.readString(log));
  }

  /** Hadoop's settings to reach it: what fails is to fail soon. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    settings.put("fs.s3a.access.key", "reader");
    settings.put("fs.s3a.secret.key", SECRET);
    settings.put("fs.s3a.attempts.maximum", "1");
    settings.put("fs.s3a.retry.limit", "1");
    settings.put("fs.s3a.retry.interval", "20ms");
    settings.put("fs.s3a.connection.establish.timeout", "2s");
    settings.put("fs.s3a.fast.upload.buffer", "bytebuffer");
    return settings;
  }

  Configuration configuration() {
    Configuration conf = new Configuration();
    settings().forEach(conf::set);
    return conf;
  }

  /** Reads of contents so far, as {@code /bucket/models/…}. */
  List<String> reads() throws IOException {
    return REQUEST
        .matcher(Files.readString(log))
        .results()
        .filter(request -> request.group(1).equals("GET") && !request.group(2).contains("?"))
        .map(request -> request.group(2))
        .collect(Collectors.toList());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
