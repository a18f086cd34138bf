package io.instructorspark.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The output of a run: part files, and beside them, in {@value #STATE}, what the run knows of
 * itself. No file is ever renamed, and none but the owner's sign of life changes. Readers of rows
 * pass over the state, whose name begins with an underscore. Travels to executors.
 *
 * <pre>
 * part-000012-UUID.snappy.parquet         rows of slice 12
 * _instructor.json, _SUCCESS              what the vectors are; the mark of a finished run
 * _instructor_run/owner-000003.json       who writes: the one with the highest number
 * _instructor_run/beat-000003.json        its sign of life
 * _instructor_run/manifest-TOKEN.json     what that run has to do; TOKEN is 000003-ID of its claim
 * _instructor_run/slices-TOKEN/slice-…    its input, cut
 * _instructor_run/done-TOKEN/000012.json  the part file that holds slice 12
 * _instructor_run/committed-TOKEN.json    all part files of the finished run
 * </pre>
 *
 * <p>Invariant: files are deleted that were listed before the claim was found to be valid still.
 * What another run has written since then is not among them.
 *
 * @param store where it is
 */
record RunFolder(RunStore store) implements Serializable {
  static final String STATE = "_instructor_run";
  static final String SUCCESS = "_SUCCESS";
  static final String DESCRIPTION = "_instructor.json";

  /** One of these is in every folder that Spark or this program has written or begun. */
  private static final Set<String> OURS = Set.of(DESCRIPTION, SUCCESS, "_temporary", STATE);

  private static final Pattern OWNER = Pattern.compile("owner-([0-9]{6})\\.json");
  private static final Pattern BEAT = Pattern.compile("beat-[0-9]{6}\\.json");
  private static final Pattern OF_RUN =
      Pattern.compile("(manifest|committed|slices|done)-([0-9a-f-]{23})(\\.json)?");

  /** Bytes of a list of all slices or part files, some millions of them. */
  private static final long LIST = 1L << 30;

  static RunFolder of(SparkSession session, String location) {
    return new RunFolder(RunStore.of(session, location));
  }

  /** The folder as users write it: without the scheme where it is local. */
  String shown() {
    return store.shown();
  }

  Path part(String name) {
    return new Path(store.root(), name);
  }

  Path state() {
    return new Path(store.root(), STATE);
  }

  Path owner(int number) {
    return new Path(state(), "owner-%s.json".formatted(RunToken.sixDigits(number)));
  }

  Path beat(int number) {
    return new Path(state(), "beat-%s.json".formatted(RunToken.sixDigits(number)));
  }

  /** Deletes a claim that is over. */
  void deleteOwner(int number) {
    store.delete(owner(number));
    store.delete(beat(number));
  }

  Path slices(RunToken run) {
    return new Path(state(), "slices-" + run);
  }

  private Path manifest(RunToken run) {
    return new Path(state(), "manifest-%s.json".formatted(run));
  }

  private Path done(RunToken run) {
    return new Path(state(), "done-" + run);
  }

  private Path marker(RunToken run, int slice) {
    return new Path(done(run), RunToken.sixDigits(slice) + ".json");
  }

  private Path committed(RunToken run) {
    return new Path(state(), "committed-%s.json".formatted(run));
  }

  private Path success() {
    return new Path(store.root(), SUCCESS);
  }

  boolean exists() {
    return store.exists(store.root());
  }

  boolean finished() {
    return store.exists(success());
  }

  boolean begun() {
    return store.exists(state());
  }

  boolean isEmpty() {
    return store.names(store.root()).isEmpty();
  }

  /** Whether there is nothing in it but claims: no run has written rows here, or cut any. */
  boolean holdsOnlyClaims() {
    return store.names(store.root()).stream().allMatch(STATE::equals)
        && store.names(state()).stream()
            .allMatch(
                name ->
                    OWNER.matcher(name).matches()
                        || BEAT.matcher(name).matches()
                        || name.startsWith("."));
  }

  /** The numbers of all claims, the highest first. */
  List<Integer> owners() {
    return store.names(state()).stream()
        .map(OWNER::matcher)
        .filter(Matcher::matches)
        .map(name -> Integer.parseInt(name.group(1)))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Runs of which there is something of a kind, the latest claim first. */
  private List<RunToken> runs(String kind) {
    return store.names(state()).stream()
        .map(OF_RUN::matcher)
        .filter(name -> name.matches() && name.group(1).equals(kind))
        .flatMap(name -> RunToken.in(name.group(2)).stream())
        .sorted(Comparator.comparing(RunToken::number).thenComparing(RunToken::id).reversed())
        .toList();
  }

  /**
   * The newest manifest that was written to its end.
   *
   * @throws OutputException if there is none, and rows that one must have told of
   */
  Optional<RunManifest> manifest() {
    for (RunToken run : runs("manifest")) {
      Optional<RunManifest> manifest = store.read(manifest(run), RunManifest.class, LIST);
      if (manifest.isPresent()) {
        return manifest;
      }
      if (!store.names(done(run)).isEmpty()) {
        throw damaged(manifest(run));
      }
    }
    if (finished() || !runs("committed").isEmpty() || !partLengths().isEmpty()) {
      throw damaged(new Path(state(), "manifest"));
    }
    return Optional.empty();
  }

  private OutputException damaged(Path manifest) {
    return new OutputException(
        "%s is missing, damaged or of another version of this program, so it cannot be told what of %s is done; choose another output, or replace it with --if-exists overwrite"
            .formatted(manifest, shown()));
  }

  void write(RunManifest manifest, RunOwner owner) {
    owner.require();
    store.write(manifest(manifest.token()), manifest);
  }

  /**
   * Says that a slice is done, unless that was said.
   *
   * @return the part file that holds the slice: this one, or the one that was first
   */
  PartFile mark(RunToken run, PartFile part) {
    Path marker = marker(run, part.slice());
    try {
      store.createNew(marker, part);
      return part;
    } catch (IOException e) {
      Optional<PartFile> first = done(run, part.slice(), part.rows() + part.skipped());
      if (first.isEmpty()) { // broken off, or its file is gone
        store.write(marker, part);
      }
      return first.orElse(part);
    }
  }

  /**
   * The part file that holds a slice of so many rows; empty where none is there as it was written.
   */
  Optional<PartFile> done(RunToken run, int slice, long rows) {
    return store
        .read(marker(run, slice), PartFile.class, RunStore.SMALL)
        .filter(part -> part.slice() == slice && part.rows() + part.skipped() == rows)
        .filter(part -> store.length(part(part.name())) == part.length());
  }

  /**
   * The part files of a run's finished slices by slice. A marker that was not written to its end,
   * or whose part file is not there as it was, says nothing: the slice is embedded again.
   */
  Map<Integer, PartFile> done(RunManifest run) {
    Map<String, Long> lengths = partLengths();
    Map<Integer, PartFile> done = new ConcurrentHashMap<>();
    store.names(done(run.token())).parallelStream() // each is a file to be read
        .filter(name -> name.endsWith(".json"))
        .map(name -> new Path(done(run.token()), name))
        .flatMap(marker -> store.read(marker, PartFile.class, RunStore.SMALL).stream())
        .filter(part -> part.slice() < run.slices().size())
        .filter(part -> part.rows() + part.skipped() == run.slices().get(part.slice()).rows())
        .filter(part -> Objects.equals(part.length(), lengths.get(part.name())))
        .forEach(part -> done.put(part.slice(), part));
    return done;
  }

  /** Lengths of all part files in the folder, by name. */
  private Map<String, Long> partLengths() {
    return store.entries(store.root()).stream()
        .filter(file -> file.isFile() && isPart(file))
        .collect(Collectors.toMap(file -> file.getPath().getName(), FileStatus::getLen));
  }

  private static boolean isPart(FileStatus file) {
    return file.getPath().getName().startsWith(PartFile.PREFIX);
  }

  /** Deletes every part file that is not among these. Returns the names of the deleted. */
  List<String> keepOnly(Collection<PartFile> parts, RunOwner owner) {
    Set<String> kept = parts.stream().map(PartFile::name).collect(Collectors.toSet());
    List<String> strays =
        partLengths().keySet().stream().filter(name -> !kept.contains(name)).sorted().toList();
    owner.require();
    strays.forEach(name -> store.delete(part(name)));
    return strays;
  }

  /** From here on the rows in the folder are not those of a finished run. */
  void markUnfinished(RunOwner owner) {
    owner.require();
    store.delete(success());
  }

  /**
   * Makes exactly these part files the output. May be broken off at any point and called again.
   *
   * @throws OutputException if one of them is missing or not as it was written
   */
  void commit(RunManifest run, List<PartFile> parts, String description, RunOwner owner) {
    requireAll(run, parts);
    owner.require();
    store.write(committed(run.token()), new Committed(parts));
    keepOnly(parts, owner);
    store.write(new Path(store.root(), DESCRIPTION), description.getBytes(StandardCharsets.UTF_8));
    owner.require();
    store.write(success(), new byte[0]);
    tidy(run.token(), owner);
  }

  /**
   * Checks that part files are there as they were written.
   *
   * @throws OutputException if one is not
   */
  void requireAll(RunManifest run, List<PartFile> parts) {
    Map<String, Long> lengths = partLengths();
    for (PartFile part : parts) {
      Long length = lengths.get(part.name());
      if (length == null || length != part.length()) {
        throw new OutputException(
            "%s %s: somebody else deleted or changed it. %s"
                .formatted(
                    part(part.name()),
                    length == null
                        ? "is not there any more"
                        : "has %,d bytes where %,d were written".formatted(length, part.length()),
                    store.exists(slices(run.token()))
                        ? "Run again with --if-exists resume, which embeds its rows anew"
                        : "Put it back, or say --if-exists overwrite to embed all rows anew"));
      }
    }
  }

  private record Committed(List<PartFile> parts) {}

  /**
   * What a run has written whose slices are all done; empty if they are not, or if a part file was
   * lost while they were still there to embed it from.
   */
  Optional<List<PartFile>> committed(RunManifest run) {
    Optional<List<PartFile>> parts =
        store.read(committed(run.token()), Committed.class, LIST).map(Committed::parts);
    if (parts.isEmpty() || finished() || !store.exists(slices(run.token()))) {
      return parts;
    }
    Map<String, Long> lengths = partLengths();
    return parts.filter(
        all ->
            all.stream().allMatch(part -> Objects.equals(part.length(), lengths.get(part.name()))));
  }

  /** The path as Spark's readers take it: characters of globs stand for themselves. */
  static String literally(Path path) {
    return path.toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
  }

  /** Deletes what only an unfinished run needs, and what older runs have left. */
  void tidy(RunToken run, RunOwner owner) {
    deleteState(Set.of(manifest(run), committed(run)).stream().map(Path::getName).toList(), owner);
  }

  /** Deletes the rows of an older output and what was said of them; the slices of a run stay. */
  void clear(RunToken run, RunOwner owner) {
    requireReplaceable();
    markUnfinished(owner);
    deleteState(List.of(slices(run).getName()), owner);
    List<String> names = store.names(store.root());
    owner.require();
    names.stream()
        .filter(name -> !name.equals(STATE))
        .forEach(name -> store.delete(new Path(store.root(), name)));
  }

  private void deleteState(List<String> kept, RunOwner owner) {
    List<String> names = store.names(state());
    owner.require();
    names.stream()
        .filter(name -> OF_RUN.matcher(name).matches() && !kept.contains(name))
        .forEach(name -> store.delete(new Path(state(), name)));
  }

  /** Deletes an output in which only the owner has written. */
  void deleteAll(RunOwner owner) {
    owner.require();
    store.delete(store.root());
  }

  /**
   * Checks that a run can go on here: that a run was begun, and that the state is a folder of its
   * own.
   *
   * @throws OutputException if not
   */
  void requireResumable() {
    if (!begun() && !isEmpty()) {
      throw new OutputException(
          "%s was not written by a run that can be resumed (no %s in it); choose another --output, or say --if-exists overwrite"
              .formatted(shown(), STATE));
    }
    requireNoLink();
  }

  /**
   * Checks that nothing in the folder is somebody else's, who would lose it.
   *
   * @throws OutputException if something is
   */
  void requireReplaceable() {
    if (!store.isDirectory(store.root())) {
      throw new OutputException(
          "%s is a file, and an output is a folder of part files; choose another --output"
              .formatted(shown()));
    }
    List<String> names = store.names(store.root());
    if (!names.isEmpty() && OURS.stream().noneMatch(names::contains)) {
      throw new OutputException(
          "%s is not a folder that Spark wrote (no %s in it), so it is not overwritten; choose another --output, or empty it yourself"
              .formatted(shown(), SUCCESS));
    }
    requireNoLink();
    requireNothingForeign(store.root());
  }

  private void requireNoLink() {
    if (RunStore.isLink(state())) {
      throw new OutputException(
          "%s is a link, and no run makes one: what it leads to is somebody else's; remove it, or choose another --output"
              .formatted(state()));
    }
  }

  private void requireNothingForeign(Path folder) {
    for (FileStatus entry : store.entries(folder)) {
      String name = entry.getPath().getName();
      boolean ours =
          name.startsWith("_")
              || name.startsWith(".")
              || (entry.isDirectory() ? name.contains("=") : isPart(entry));
      if (!ours) {
        throw new OutputException(
            "%s is not what Spark wrote, so the output %s that holds it is not overwritten; choose another --output, or move it away"
                .formatted(entry.getPath(), shown()));
      }
      if (entry.isDirectory() && name.contains("=")) {
        requireNothingForeign(entry.getPath());
      }
    }
  }
}
