package io.instructorspark.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRecordTest {
  @ParameterizedTest
  @CsvSource({
    "spark.hadoop.fs.s3a.secret.key=abc, spark.hadoop.fs.s3a.secret.key=***",
    "spark.hadoop.fs.s3a.access.key=abc, spark.hadoop.fs.s3a.access.key=***",
    "db.password = abc def, db.password =***",
    "my.Token=abc, my.Token=***",
    "ftp://me:pw@host/x, ftp://***@host/x",
    "spark.executor.memory=4g, spark.executor.memory=4g",
    "Represent the sentence: , Represent the sentence:"
  })
  void leavesSecretsOut(String argument, String shown) {
    assertThat(RunRecord.redacted(argument)).isEqualTo(shown);
  }
}
