package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By the kernel's files, in a folder. */
class FreeMemoryTest {
  private static final long MIB = 1L << 20;

  @TempDir Path root;

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void machine(long mebibytes) throws IOException {
    file(
        "proc/meminfo",
        """
        MemTotal:       24684236 kB
        MemFree:          100000 kB
        MemAvailable:   %8d kB
        """
            .formatted(mebibytes << 10));
  }

  private long mebibytes() {
    return new FreeMemory(root).bytes().orElseThrow() / MIB;
  }

  @Test
  void isUnknownWhereTheKernelHasNoSuchFiles() {
    assertThat(new FreeMemory(root).bytes()).isEmpty();
    assertThat(new FreeMemory(root).share(0, 4)).isEmpty();
  }

  @Test
  void isWhatTheMachineHasAvailable() throws IOException {
    machine(3000);
    assertThat(mebibytes()).isEqualTo(3000);
  }

  @Test
  void isWhatTheGroupLeaves() throws IOException {
    machine(3000);
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/memory.max", 1000 * MIB + "\n");
    file("sys/fs/cgroup/memory.current", 700 * MIB + "\n");
    assertThat(mebibytes()).isEqualTo(300);
  }

  @Test
  void countsThePageCacheThatTheGroupCanGiveBack() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/memory.max", 1000 * MIB + "\n");
    file("sys/fs/cgroup/memory.current", 900 * MIB + "\n");
    file("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file " + 500 * MIB + "\nfile 7\n");
    assertThat(mebibytes()).isEqualTo(600);
  }

  @Test
  void isWhatTheTightestGroupOnTheWayUpLeaves() throws IOException {
    machine(3000);
    file("proc/self/cgroup", "0::/kubepods/pod1/main\n");
    file("sys/fs/cgroup/kubepods/pod1/main/memory.max", "max\n");
    file("sys/fs/cgroup/kubepods/pod1/main/memory.current", 10 * MIB + "\n");
    file("sys/fs/cgroup/kubepods/pod1/memory.max", 500 * MIB + "\n");
    file("sys/fs/cgroup/kubepods/pod1/memory.current", 100 * MIB + "\n");
    file("sys/fs/cgroup/kubepods/memory.max", 2000 * MIB + "\n");
    file("sys/fs/cgroup/kubepods/memory.current", 100 * MIB + "\n");
    assertThat(mebibytes()).isEqualTo(400);
  }

  @Test
  void isWhatAGroupOfTheFirstKindLeaves() throws IOException {
    machine(3000);
    file("proc/self/cgroup", "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n1:name=systemd:/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", 800 * MIB + "\n"); // as a container sees it
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", 600 * MIB + "\n");
    file("sys/fs/cgroup/memory/memory.stat", "cache 9\ntotal_inactive_file " + 100 * MIB + "\n");
    assertThat(mebibytes()).isEqualTo(300);
  }

  @Test
  void isNotBoundByAGroupOfTheFirstKindWithoutALimit() throws IOException {
    machine(3000);
    file("proc/self/cgroup", "4:memory:/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "100\n");
    assertThat(mebibytes()).isEqualTo(3000);
  }

  @Test
  void isNothingWhereTheGroupIsAboveItsLimit() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/memory.max", "1000\n");
    file("sys/fs/cgroup/memory.current", "1001\n");
    assertThat(new FreeMemory(root).bytes()).hasValue(0);
  }

  @Test
  void isAQuarterWhereTheHeapCouldTakeAlmostAllOfIt() throws IOException {
    machine(3200);
    assertThat(new FreeMemory(root).share(2300 * MIB, 4)).hasValue(225 * MIB);
    assertThat(new FreeMemory(root).share(2500 * MIB, 4)).hasValue(200 * MIB);
    assertThat(new FreeMemory(root).share(9999 * MIB, 4)).hasValue(200 * MIB);
  }

  @Test
  void isDividedAmongThreadsWhenTheHeapHasItsPart() throws IOException {
    machine(3000);
    assertThat(new FreeMemory(root).share(1000 * MIB, 4)).hasValue(500 * MIB);
  }
}
