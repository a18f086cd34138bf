import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * Hadoop's own YARN for tests on this machine, with two nodes, until standard input ends: FOLDER. Writes FOLDER/yarn-site.xml when
 * it is up. Containers are processes, which end when they take more memory than they asked for.
 */
public class Yarn {
  private Yarn() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    YarnConfiguration settings = new YarnConfiguration();
    settings.setBoolean("yarn.nodemanager.pmem-check-enabled", true);
    settings.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    // what is handed out, not what is there
    settings.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", 8192);
    settings.setInt("yarn.scheduler.minimum-allocation-mb", 256);
    settings.setFloat("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 99.9f);
    settings.setInt("yarn.resourcemanager.am.max-attempts", 1);
    // the one scheduler that needs no queues
    settings.set(
        "yarn.resourcemanager.scheduler.class",
        "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
    settings.set("yarn.nodemanager.bind-host", "127.0.0.1");
    settings.set("yarn.resourcemanager.bind-host", "127.0.0.1");
    try (MiniYARNCluster cluster = new MiniYARNCluster("yarn", 2, 1, 1)) {
      cluster.init(settings);
      cluster.start();
      Path half = folder.resolve("yarn-site.xml.half");
      try (OutputStream out = Files.newOutputStream(half)) {
        cluster.getConfig().writeXml(out);
      }
      Files.move(half, folder.resolve("yarn-site.xml"));
      while (System.in.read() >= 0) {}
    }
    System.exit(0);
  }
}
