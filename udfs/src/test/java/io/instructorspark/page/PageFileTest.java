package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFileTest {
  @TempDir private Path folder;

  private PageFile file(String name, PageKind kind) {
    return new PageFile(folder.resolve(name), kind, "--page");
  }

  @Test
  void makesItsFoldersAndReplacesAPageOfItsKind() throws IOException {
    PageFile file = file("deep/er/page.html", PageKind.MAP);
    file.requirePlace();
    assertThat(folder.resolve("deep")).doesNotExist();
    file.write(Page.of(PageKind.MAP, "the first \ud800").html());
    file.requirePlace();
    file.write(Page.of(PageKind.MAP, "another").html());
    assertThat(Files.readString(file.path())).contains("another").doesNotContain("the first");
  }

  @Test
  void replacesNoPageOfAnotherKind() {
    file("page.html", PageKind.MAP).write(Page.of(PageKind.MAP, "a map").html());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> file("page.html", PageKind.CLUSTERS).requirePlace())
        .withMessageContaining("is no page of clusters")
        .withMessageContaining("choose another --page");
  }

  @Test
  void replacesNothingElse() throws IOException {
    Files.writeString(folder.resolve("mine.html"), "mine <!-- instructor map -->");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> file("mine.html", PageKind.MAP).requirePlace())
        .withMessageContaining("is no page of a map");
    Files.createFile(folder.resolve("empty"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> file("empty", PageKind.MAP).requirePlace());
  }

  @Test
  void needsAFileAndNoFolder() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PageFile(folder, PageKind.MAP, "--output").requirePlace())
        .withMessageContaining("is a folder; --output takes a file");
  }

  @Test
  void saysWhichFileStandsInTheWayOfItsFolder() throws IOException {
    Files.writeString(folder.resolve("notes"), "mine");
    PageFile file = file("notes/deep/page.html", PageKind.MAP);
    assertThatIllegalArgumentException()
        .isThrownBy(file::requirePlace)
        .withMessageContaining("notes is a file, and would have to be a folder");
    assertThatThrownBy(() -> file.write("x"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the page cannot be written to");
  }
}
