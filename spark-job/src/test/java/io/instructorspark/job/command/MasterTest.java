package io.instructorspark.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MasterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local                             | true  | true",
        "local[*]                          | true  | true",
        "local[2,4]                        | true  | true",
        "local-cluster[2,1,700]            | false | true",
        "spark://localhost:7077            | false | true",
        "spark://127.0.0.1:7077            | false | true",
        "spark://[::1]:7077                | false | true",
        "spark://localhost:1,127.0.0.2:2   | false | true",
        "spark://localhost:1,other:2       | false | false",
        "spark://localhost.example.org:1   | false | false",
        "spark://127.example.org:7077      | false | false",
        "spark://host:7077                 | false | false",
        "k8s://https://localhost:6443      | false | false",
        "yarn                              | false | false",
      })
  void tellsWhereTasksRun(String url, boolean thisProcess, boolean thisMachine) {
    Master master = new Master(url);
    assertThat(master.isThisProcess()).isEqualTo(thisProcess);
    assertThat(master.isOnThisMachine()).isEqualTo(thisMachine);
  }
}
