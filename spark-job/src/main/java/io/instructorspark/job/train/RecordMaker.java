package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.instructorspark.job.train.RecordColumns.Outcome;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Makes rows of {@link RecordColumns} from what a file holds. A record that is none gives a row
 * that says so; nothing is thrown.
 *
 * @param source place of the file's entry in the recipe
 * @param file number of the file
 * @param origin the task of records that name none
 * @param format what the recipe says the records are; null: told from the fields
 * @param instructions of query, positive and negative; null: as the records say
 */
record RecordMaker(
    int source, int file, String origin, RecordFormat format, List<String> instructions)
    implements Serializable {
  private static final int LONGEST_TASK = 200;

  static RecordMaker of(DataSource data, int source, int file, String origin) {
    Instructions given = data.instructions();
    return new RecordMaker(
        source,
        file,
        origin,
        data.format().orElse(null),
        Arrays.asList(
            given.query().orElse(null),
            given.positive().or(given::query).orElse(null),
            given.negative().or(given::query).orElse(null)));
  }

  /**
   * Where a record lies.
   *
   * @param number orders the records of a file
   * @param shown as people find it: {@code line 12}
   */
  record Place(long number, String shown) {
    static Place line(long number) {
      return new Place(number, "line " + number);
    }
  }

  /** What a record says under a name: null where it says nothing. */
  @FunctionalInterface
  interface Fields {
    String get(String name) throws BadRecord;
  }

  /** The row of a JSON object, or of what should be one. */
  Row json(Place place, JsonNode node) {
    try {
      if (!node.isObject()) {
        throw new BadRecord(Outcome.BAD, "it is %s, not an object".formatted(kind(node)));
      }
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      RecordFormat found = found(names);
      Fields fields = name -> JsonFields.scalar(node, name);
      return found == RecordFormat.MEDI ? medi(place, node) : made(place, found, fields);
    } catch (BadRecord e) {
      return bad(place, e);
    }
  }

  /** The row of a record whose format is known from its columns. */
  Row columns(Place place, RecordFormat found, Fields fields) {
    try {
      return made(place, found, fields);
    } catch (BadRecord e) {
      return bad(place, e);
    }
  }

  /** The row of what cannot be read at all. */
  Row unreadable(Place place, String problem) {
    return bad(place, new BadRecord(Outcome.BAD, problem));
  }

  private RecordFormat found(List<String> names) throws BadRecord {
    RecordFormat found =
        RecordFormat.of(names)
            .orElseThrow(
                () ->
                    new BadRecord(
                        Outcome.BAD,
                        "its fields are %s; expected %s"
                            .formatted(
                                names.isEmpty()
                                    ? "none"
                                    : JsonFields.shown(String.join(", ", names)),
                                RecordFormat.expected())));
    if (format != null && found != format) {
      throw new BadRecord(
          Outcome.BAD,
          "its fields are those of %s where the recipe says %s (%s)"
              .formatted(found, format, format.fields()));
    }
    return found;
  }

  private Row medi(Place place, JsonNode node) throws BadRecord {
    String[] query = JsonFields.side(node, "query");
    if (!node.hasNonNull("pos")) {
      throw new BadRecord(Outcome.WITHOUT_POSITIVE, "it has no pos");
    }
    String[] positive = JsonFields.side(node, "pos");
    String[] negative =
        node.hasNonNull("neg") ? JsonFields.side(node, "neg") : new String[] {null, null};
    String task = JsonFields.scalar(node, "task");
    return row(
        place,
        RecordFormat.MEDI,
        task(task == null ? JsonFields.scalar(node, "task_id") : task),
        new String[][] {query, positive, negative},
        JsonFields.scalar(node, "label"));
  }

  private Row made(Place place, RecordFormat found, Fields fields) throws BadRecord {
    String task = task(fields.get("task"));
    if (found == RecordFormat.LABELS) {
      return row(
          place,
          found,
          task,
          new String[][] {{"", required(fields, "text")}, {"", null}, {"", null}},
          required(fields, "label"));
    }
    String negative = fields.get("negative");
    return row(
        place,
        found,
        task,
        new String[][] {
          {"", required(fields, "text_a")},
          {"", required(fields, "text_b")},
          {"", negative == null || isBlank(negative) ? null : negative}
        },
        null);
  }

  private Row row(Place place, RecordFormat found, String task, String[][] sides, String label) {
    boolean blank = Arrays.stream(sides).anyMatch(side -> side[1] != null && isBlank(side[1]));
    Object[] values = new Object[RecordColumns.SCHEMA.size()];
    head(values, place);
    values[4] = task;
    values[5] = found.name();
    for (int side = 0; side < sides.length; side++) {
      boolean there = sides[side][1] != null || found == RecordFormat.LABELS;
      String given = instructions.get(side);
      values[6 + 2 * side] = there ? given == null ? sides[side][0] : given : null;
      values[7 + 2 * side] = sides[side][1];
    }
    values[12] = label;
    if (blank) {
      values[13] = Outcome.EMPTY_TEXT.name();
    }
    return RowFactory.create(values);
  }

  private Row bad(Place place, BadRecord problem) {
    Object[] values = new Object[RecordColumns.SCHEMA.size()];
    head(values, place);
    values[13] = problem.outcome().name();
    values[14] = problem.getMessage();
    return RowFactory.create(values);
  }

  private void head(Object[] values, Place place) {
    values[0] = source;
    values[1] = file;
    values[2] = place.number();
    values[3] = place.shown();
  }

  private String task(String named) throws BadRecord {
    String task = Optional.ofNullable(named).filter(name -> !name.isBlank()).orElse(origin);
    if (task.length() > LONGEST_TASK) {
      throw new BadRecord(
          Outcome.BAD,
          "its task has %,d characters, and the name of a task at most %d"
              .formatted(task.length(), LONGEST_TASK));
    }
    return task;
  }

  private static String required(Fields fields, String name) throws BadRecord {
    String value = fields.get(name);
    if (value == null) {
      throw new BadRecord(
          name.equals("text_b") ? Outcome.WITHOUT_POSITIVE : Outcome.BAD,
          "its %s is null or missing".formatted(name));
    }
    return value;
  }

  /** Whether nothing is left of a text when the model strips it, which it does as Python does. */
  private static boolean isBlank(String text) {
    return text.codePoints()
        .allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85);
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case NULL -> "null";
      default -> "no JSON object";
    };
  }
}
