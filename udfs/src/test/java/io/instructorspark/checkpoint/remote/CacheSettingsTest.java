package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a machine keeps its copies. */
class CacheSettingsTest {
  private static final String HOME = "user.home";
  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String USER = "user.name";

  @TempDir private Path temp;
  private Path folder;
  private Map<String, String> before;

  @BeforeEach
  void beAUserWithAHome() throws IOException {
    folder = temp.toRealPath();
    before =
        Map.of(
            HOME, System.getProperty(HOME),
            TEMPORARY, System.getProperty(TEMPORARY),
            USER, System.getProperty(USER));
    System.setProperty(HOME, folder.resolve("home").toString());
    System.setProperty(TEMPORARY, Files.createDirectory(folder.resolve("tmp")).toString());
    System.setProperty(USER, "somebody");
  }

  @AfterEach
  void beYourselfAgain() {
    before.forEach(System::setProperty);
  }

  private static Path cache(Map<String, String> environment) throws IOException {
    return CacheSettings.DEFAULT.onThisMachine(environment);
  }

  @Test
  void isBelowTheHomeByDefaultAndPrivate() throws IOException {
    Path cache = cache(Map.of());
    assertThat(cache).isEqualTo(folder.resolve("home/.cache/instructor-spark"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
        .isEqualTo("rwx------");
  }

  @Test
  void isWhereTheDesktopKeepsCaches() throws IOException {
    Path xdg = folder.resolve("xdg");
    assertThat(cache(Map.of("XDG_CACHE_HOME", xdg.toString())))
        .isEqualTo(xdg.resolve("instructor-spark"));
    assertThat(cache(Map.of("XDG_CACHE_HOME", "relative/folder")))
        .as("which that standard forbids")
        .isEqualTo(folder.resolve("home/.cache/instructor-spark"));
  }

  @Test
  void isTheFolderOfTheVariable() throws IOException {
    Path chosen = folder.resolve("chosen/deep");
    assertThat(
            cache(
                Map.of("INSTRUCTOR_CACHE", chosen.toString(), "XDG_CACHE_HOME", folder.toString())))
        .isEqualTo(chosen);
    assertThat(cache(Map.of("INSTRUCTOR_CACHE", " ")))
        .isEqualTo(folder.resolve("home/.cache/instructor-spark"));
  }

  @Test
  void isTheFolderOfTheSettingBeforeAll() throws IOException {
    Path set = folder.resolve("set");
    assertThat(
            new CacheSettings(set.toString(), 1)
                .onThisMachine(Map.of("INSTRUCTOR_CACHE", folder.resolve("v").toString())))
        .isEqualTo(set);
  }

  @Test
  void hasOneNameOnly() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertThat(cache(Map.of("INSTRUCTOR_CACHE", link.toString()))).isEqualTo(real);
  }

  @Test
  void thatIsChosenAndCannotBeMadeIsAnErrorThatSaysHowToChooseAnother() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> cache(Map.of("INSTRUCTOR_CACHE", file.resolve("cache").toString())))
        .withMessageContaining(file + "/cache")
        .withMessageContaining("INSTRUCTOR_CACHE");
  }

  @Nested
  class OfAUserWithoutAHomeToWriteTo {
    private Path temporary;

    @BeforeEach
    void loseTheHome() throws IOException {
      Files.createFile(folder.resolve("home"));
      temporary = folder.resolve("tmp/instructor-spark-somebody");
    }

    @Test
    void isInTheTemporaryFolder() throws IOException {
      assertThat(cache(Map.of())).isEqualTo(temporary);
      assertThat(cache(Map.of())).as("the second time").isEqualTo(temporary);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", ""})
    void isThereAlsoWhereTheSystemKnowsNoHome(String home) throws IOException {
      System.setProperty(HOME, home);
      assertThat(cache(Map.of())).isEqualTo(temporary);
      assertThat(Path.of("?")).doesNotExist();
    }

    @Test
    void isThereAlsoWhereTheSystemKnowsNoName() throws IOException {
      System.setProperty(USER, "?");
      assertThat(cache(Map.of())).isEqualTo(folder.resolve("tmp/instructor-spark-?"));
    }

    @Test
    void isNotBehindALinkThatSomebodyLaid() throws IOException {
      Files.createSymbolicLink(temporary, Files.createDirectory(folder.resolve("trap")));
      refused();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void isNotAFolderOfSomebodyElse() throws IOException {
      assumeTrue(before.get(USER).equals("root"), "only root can give a folder away");
      Files.createDirectory(temporary);
      UserPrincipal nobody =
          temporary.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      Files.setOwner(temporary, nobody);
      refused();
      assertThat(temporary).isEmptyDirectory();
    }

    private void refused() {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> cache(Map.of()))
          .withMessageContaining("belongs to")
          .withMessageContaining("INSTRUCTOR_CACHE");
    }
  }

  @Test
  void hasABoundAboveZero() {
    assertThatIllegalArgumentException().isThrownBy(() -> new CacheSettings(null, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new CacheSettings(" ", 1));
  }
}
