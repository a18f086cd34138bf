package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.RemoteFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopStoreTest {
  private static final int MAX_BYTES = 50_000;

  @TempDir private Path folder;

  private static byte[] bytes(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object travelled(byte[] bytes) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  @Test
  void findsAndOpensFiles() throws IOException {
    Files.write(Files.createDirectory(folder.resolve("sub")).resolve("a"), new byte[] {7, 8});
    HadoopStore store = new HadoopStore(new Configuration());
    String location = store.qualify(folder.toUri().toString());
    RemoteFile file = store.find(location, "sub/a").orElseThrow();
    assertThat(file.size()).isEqualTo(2);
    assertThat(file.version()).isNotEmpty();
    assertThat(store.find(location, "sub")).as("a folder is no file").isEmpty();
    assertThat(store.find(location, "b")).isEmpty();
    try (InputStream in = store.open(location, "sub/a")) {
      assertThat(in.readAllBytes()).containsExactly(7, 8);
    }
  }

  @Nested
  class OnItsWay {
    @Test
    void keepsAllSettings() throws Exception {
      Configuration conf = new Configuration();
      conf.set("fs.s3a.secret.key", "hush");
      conf.set("io.file.buffer.size", "12345"); // another value than Hadoop's own
      conf.set("ours.folder", "${hadoop.tmp.dir}/x");
      conf.unset("fs.s3a.retry.limit"); // one that Hadoop has a value for
      HadoopStore arrived = (HadoopStore) travelled(bytes(new HadoopStore(conf)));
      assertThat(arrived.get("fs.s3a.secret.key")).isEqualTo("hush");
      assertThat(arrived.get("io.file.buffer.size")).isEqualTo("12345");
      assertThat(arrived.get("ours.folder")).isEqualTo(conf.get("hadoop.tmp.dir") + "/x");
      assertThat(arrived.get("fs.s3a.retry.limit")).isNull();
      assertThat(arrived.get("fs.s3a.connection.maximum"))
          .as("as Hadoop has it")
          .isEqualTo(conf.get("fs.s3a.connection.maximum"))
          .isNotNull();
    }

    @Test
    void isSmall() throws IOException {
      SparkConf conf = new SparkConf(false);
      for (int i = 0; i < 50; i++) {
        conf.set("spark.hadoop.some.setting.of.a.cluster." + i, "value-of-some-length-" + i);
      }
      Access access = CheckpointAccess.of(conf);
      byte[] bytes = bytes(access);
      assertThat(bytes).hasSizeLessThan(MAX_BYTES);
    }
  }

  @Test
  void showsNoSettings() {
    Configuration conf = new Configuration();
    conf.set("fs.s3a.secret.key", "hush");
    HadoopStore store = new HadoopStore(conf);
    assertThat(store.toString()).doesNotContain("hush");
    Access access = Access.ofThisMachine().withStore(store);
    assertThat(access.toString()).contains("HadoopStore").doesNotContain("hush");
    EmbedCall call = new EmbedCall(null, null, null, access, null);
    assertThat(call.toString()).contains("HadoopStore").doesNotContain("hush");
  }

  @Test
  void tellsHowToGetAFileSystemThatIsMissing() {
    HadoopStore store = new HadoopStore(new Configuration());
    for (String uri : new String[] {"gs://bucket/model", "s3a://bucket/model"}) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.qualify(uri))
          .withMessageContaining(uri.substring(0, uri.indexOf(':')) + ": here")
          .withMessageContaining(
              "--packages org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion());
    }
  }

  @Test
  void saysWhatIsWrongWithAUri() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new HadoopStore(new Configuration()).qualify("hdfs://"))
        .withMessageContaining("hdfs");
  }
}
