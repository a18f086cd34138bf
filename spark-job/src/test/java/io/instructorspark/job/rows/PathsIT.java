package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.job.LocalSpark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathsIT {
  @TempDir Path folder;

  private List<Object> texts(String path) {
    InputRows rows = Reading.read(RowSource.of(path, "text"));
    Reading.count(rows);
    return Reading.values(rows, "text");
  }

  @Nested
  class Found {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "a.txt",
          "two words.txt",
          "100%25.txt",
          "a+b.txt",
          "[1]{2}.txt",
          "a*?.txt",
          "back\\slash.txt",
          "Änderung.txt",
          "a,b.txt",
          "#1.txt"
        })
    void aFileWhateverItsName(String name) throws IOException {
      Path file = Reading.write(folder, name, "a");
      assertThat(texts(file.toString())).containsExactly("a");
      Path csv = Reading.write(folder, name + ".csv", "text\na");
      assertThat(texts(csv.toString())).containsExactly("a");
    }

    @Test
    void aFileByItsUri() throws IOException {
      Path file = Reading.write(folder, "a.txt", "a");
      assertThat(texts("file://" + file)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "in/", "in/*", "in/{a,b}.txt", "i?", "in/[ab].txt"})
    void theVisibleFilesOfAFolderOrAGlob(String path) throws IOException {
      Reading.write(folder, "in/a.txt", "a");
      Reading.write(folder, "in/b.txt", "b");
      Reading.write(folder, "in/_SUCCESS", "");
      Reading.write(folder, "in/_instructor.json", "{}");
      Reading.write(folder, "in/.b.txt.crc", "");
      assertThat(texts(folder + "/" + path)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void filesOfAnyNameWhereTheFormatIsGiven() throws IOException {
      Reading.write(folder, "in/a.log", "a");
      Reading.write(folder, "in/b.csv", "b");
      RowSource source = RowSource.of(folder.resolve("in").toString()).withFormat(InputFormat.TXT);
      assertThat(Reading.values(Reading.read(source), "text")).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Nested
  class Refused {
    private void isRefused(String path, String message) {
      assertThatThrownBy(() -> Reading.read(RowSource.of(path)))
          .isInstanceOf(InputException.class)
          .hasMessage(message);
    }

    @Test
    void aPathThatIsNotThere() throws IOException {
      Path wanted = folder.resolve("reviws.csv");
      isRefused(wanted.toString(), "no such file or folder: " + wanted);
      Reading.write(folder, "reviews.csv", "text\na");
      Reading.write(folder, "other.csv", "text\na");
      isRefused(
          wanted.toString(),
          "no such file or folder: %s; beside it: reviews.csv".formatted(wanted));
    }

    @Test
    void aPathWhoseFolderIsNotThere() {
      Path wanted = folder.resolve("no/a.csv");
      isRefused(
          wanted.toString(),
          "no such file or folder: %s (nor is there %s)".formatted(wanted, wanted.getParent()));
    }

    @Test
    void aGlobThatMatchesNothing() {
      isRefused(folder + "/*.csv", "no file matches %s/*.csv".formatted(folder));
    }

    @Test
    void anEmptyFolder() throws IOException {
      Reading.write(folder, "in/_SUCCESS", "");
      Path in = folder.resolve("in");
      isRefused(
          in.toString(),
          "the folder %s holds no files (names that begin with _ or . are not read)".formatted(in));
    }

    @Test
    void aFolderOfSeveralFormats() throws IOException {
      Reading.write(folder, "in/a.csv", "text\na");
      Reading.write(folder, "in/b.txt", "b");
      Reading.write(folder, "in/README", "read me");
      assertThatThrownBy(() -> Reading.read(folder.resolve("in")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("(csv: a.csv; txt: b.txt; unknown: README)")
          .hasMessageContaining("--input-format");
    }

    @Test
    void subFoldersOfTextFiles() throws IOException {
      Reading.write(folder, "in/a.txt", "a");
      Reading.write(folder, "in/more/b.txt", "b");
      assertThatThrownBy(() -> Reading.read(folder.resolve("in")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("sub-folders (more)")
          .hasMessageContaining("'FOLDER/*/*.txt'");
    }

    @Test
    void aFileThatSparkWouldPassOver() throws IOException {
      Path file = Reading.write(folder, "_a.txt", "a");
      assertThatThrownBy(() -> Reading.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("%s is hidden".formatted(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "in/12:30.txt"})
    void aLocalFileThatHadoopCannotOpen(String path) throws IOException {
      Path file = Reading.write(folder, "in/12:30.txt", "a");
      assertThatThrownBy(() -> Reading.read(folder.resolve(path)))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("%s has a colon in its name".formatted(file));
    }

    @Test
    void anUnknownScheme() {
      assertThatThrownBy(() -> Reading.read(RowSource.of("nosuch://host/a.csv")))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("cannot read nosuch://host/a.csv: No FileSystem for scheme");
    }

    @Test
    void anEmptyPath() {
      assertThatThrownBy(() -> RowSource.of(" ")).isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.txt", "a.jsonl", "a.parquet", "a.parquet.gz"})
    void aFileThatMayNotBeRead(String name) throws IOException {
      Reading.write(folder, name, "text\na\n");
      LocalSpark.session().conf().set("fs.locked.impl", Locked.class.getName());
      assertThatThrownBy(() -> Reading.read(RowSource.of("locked://" + folder.resolve(name))))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot read locked:")
          .hasMessageContaining("Permission denied");
    }
  }

  @Nested
  class OutputNames {
    @Test
    void areRefusedWhereTheInputHasThem() throws IOException {
      InputRows rows = Reading.read(Reading.write(folder, "a.csv", "id,Embedding\n1,a"));
      rows.requireFree(List.of("token_count", "error"));
      assertThatThrownBy(() -> rows.requireFree(List.of("error", "embedding")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("already has a column 'Embedding'");
    }

    @Test
    void holdTheProblemColumn() throws IOException {
      Path file = Reading.write(folder, "a.csv", "id,_input_problem\n1,a");
      assertThatThrownBy(() -> Reading.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("_input_problem");
    }
  }

  /** Files that can be listed and not opened, also by root, who runs tests in containers. */
  public static final class Locked extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("locked:///");
    }

    @Override
    public String getScheme() {
      return "locked";
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      throw new AccessControlException("Permission denied: " + file.getName());
    }
  }
}
