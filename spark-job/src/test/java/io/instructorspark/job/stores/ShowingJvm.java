package io.instructorspark.job.stores;

import io.instructorspark.job.command.Sessions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.spark.InstructorEmbedder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** A JVM that embeds with a command's options and prints all that Spark shows of it. */
final class ShowingJvm {
  private ShowingJvm() {}

  public static void main(String[] arguments) throws Exception {
    SharedOptions options = CommandLine.populateCommand(new SharedOptions(), arguments);
    try (SparkSession session = Sessions.open("embed", options)) {
      Dataset<Row> texts =
          session.createDataset(List.of("a kettle", "a goose"), Encoders.STRING()).toDF("text");
      Dataset<Row> embedded =
          new InstructorEmbedder().setInputCol("text").setOutputCol("v").transform(texts);
      System.out.println("rows: " + embedded.collectAsList().size());
      embedded.explain("extended");
      System.out.println(embedded.queryExecution());
      String application = "/api/v1/applications/" + session.sparkContext().applicationId();
      String address =
          "http://127.0.0.1:" + URI.create(session.sparkContext().uiWebUrl().get()).getPort();
      HttpClient client =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
      for (String page :
          List.of(
              "/environment/",
              "/jobs/",
              "/SQL/",
              application + "/environment",
              application + "/sql?details=true&planDescription=true")) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create(address + page)).build(),
                HttpResponse.BodyHandlers.ofString());
        System.out.printf("page %s: %d%n%s%n", page, answer.statusCode(), answer.body());
      }
    }
  }
}
