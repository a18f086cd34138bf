package io.instructorspark.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "spark.hadoop.fs.s3a.secret.key=abc, spark.hadoop.fs.s3a.secret.key=***",
    "--conf=spark.hadoop.fs.s3a.access.key=abc, --conf=spark.hadoop.fs.s3a.access.key=***",
    "spark.hadoop.fs.azure.account.key.me.net=abc, spark.hadoop.fs.azure.account.key.me.net=***",
    "my.private.key=abc, my.private.key=***",
    "fs.azure.sas.box.me=abc, fs.azure.sas.box.me=***",
    "my.signature=abc, my.signature=***",
    "my.accessKeyId.secretKey=abc, my.accessKeyId.secretKey=***",
    "db.password = abc def, db.password =***",
    "my.Token=abc, my.Token=***",
    "spark.driver.extraJavaOptions=-Xmx2g -Dx.keyStorePassword=abc -Da=b, spark.driver.extraJavaOptions=-Xmx2g -Dx.keyStorePassword=*** -Da=b",
    "ftp://me:pw@host/x, ftp://***@host/x",
    "cannot read s3a://id:se/cr+et@bucket/a.csv: denied, cannot read s3a://***@bucket/a.csv: denied",
    "https://h/a.csv?sp=r&sig=a%2Bb&se=1, https://h/a.csv?sp=r&sig=***&se=1",
    "https://h/a?X-Amz-Credential=a&X-Amz-Signature=b, https://h/a?X-Amz-Credential=***&X-Amz-Signature=***"
  })
  void areLeftOut(String text, String shown) {
    assertThat(Secrets.redacted(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.executor.memory=4g",
        "spark.sql.shuffle.partitions=8",
        "spark.instructor.maxTokensPerBatch=4096",
        "--id-column=key",
        "--text-column=a.token",
        "--input=s3a://bucket/key=1/a.csv",
        "hdfs://host:8020/user/me@home/a.csv",
        "abfss://box@account.dfs.core.windows.net/a.csv",
        "/data/what?key=1/a.csv",
        "Represent the sentence: "
      })
  void areNotSeenInWhatIsNone(String text) {
    assertThat(Secrets.redacted(text)).isEqualTo(text);
  }
}
