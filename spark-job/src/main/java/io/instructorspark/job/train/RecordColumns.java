package io.instructorspark.job.train;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns that records have on their way from the files to the prepared tasks. */
final class RecordColumns {
  /** Place in the recipe: of {@code data}, and behind those of {@code evaluation}. */
  static final String SOURCE = "source";

  /** Number of the file among all files that are read. */
  static final String FILE = "file";

  /** Where in the file: {@code line 12}. */
  static final String PLACE = "place";

  /** Orders the records of a file. */
  static final String POSITION = "position";

  static final String TASK = "task";
  static final String FORMAT = "format";
  static final String QUERY_INSTRUCTION = "query_instruction";
  static final String QUERY = "query";
  static final String POSITIVE_INSTRUCTION = "positive_instruction";
  static final String POSITIVE = "positive";
  static final String NEGATIVE_INSTRUCTION = "negative_instruction";
  static final String NEGATIVE = "negative";
  static final String LABEL = "label";

  /** The {@link Outcome} that keeps a record out; null where nothing does. */
  static final String OUTCOME = "outcome";

  /** What is wrong, for people. */
  static final String PROBLEM = "problem";

  /** What a record is, apart from where it was read. */
  static final List<String> CONTENT =
      List.of(
          QUERY_INSTRUCTION,
          QUERY,
          POSITIVE_INSTRUCTION,
          POSITIVE,
          NEGATIVE_INSTRUCTION,
          NEGATIVE,
          LABEL);

  static final StructType SCHEMA =
      strings(
          new StructType()
              .add(SOURCE, DataTypes.IntegerType)
              .add(FILE, DataTypes.IntegerType)
              .add(POSITION, DataTypes.LongType),
          List.of(PLACE, TASK, FORMAT),
          CONTENT,
          List.of(OUTCOME, PROBLEM));

  /** Why a record is kept out. */
  enum Outcome {
    /** No record, or not one of its format. */
    BAD,
    /** A query without a positive. */
    WITHOUT_POSITIVE,
    /** A text of nothing but white space. */
    EMPTY_TEXT
  }

  private RecordColumns() {}

  static Column[] columns(List<String> names) {
    return names.stream().map(name -> col(name)).toArray(Column[]::new);
  }

  @SafeVarargs
  private static StructType strings(StructType schema, List<String>... names) {
    StructType all = schema;
    for (List<String> some : names) {
      for (String name : some) {
        all = all.add(name, DataTypes.StringType);
      }
    }
    return all;
  }
}
