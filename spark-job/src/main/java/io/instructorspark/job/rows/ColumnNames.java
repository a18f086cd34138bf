package io.instructorspark.job.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.spark.sql.SparkSession;

/**
 * The columns of one input, compared as the session compares names.
 *
 * @param input the input they belong to, as messages name it
 * @param names the columns in order
 * @param same whether two names mean one column
 */
record ColumnNames(String input, List<String> names, BiPredicate<String, String> same) {

  ColumnNames {
    names = List.copyOf(names);
    List<String> seen = new ArrayList<>();
    for (String name : names) {
      for (String earlier : seen) {
        if (same.test(earlier, name)) {
          throw new InputException(
              "%s has two columns that Spark takes for one, '%s' and '%s' (columns %d and %d): rename one of them"
                  .formatted(input, earlier, name, seen.indexOf(earlier) + 1, seen.size() + 1));
        }
      }
      seen.add(name);
    }
  }

  static ColumnNames of(SparkSession spark, String input, List<String> names) {
    boolean exact = Boolean.parseBoolean(spark.conf().get("spark.sql.caseSensitive", "false"));
    return new ColumnNames(input, names, exact ? String::equals : String::equalsIgnoreCase);
  }

  Optional<String> find(String wanted) {
    return names.stream().filter(name -> same.test(name, wanted)).findFirst();
  }

  /** The name as the input spells it, or an error that lists what there is. */
  String require(String wanted) {
    return find(wanted).orElseThrow(() -> new InputException(missing(wanted)));
  }

  private String missing(String wanted) {
    String has = names.isEmpty() ? "no columns" : String.join(", ", names);
    List<String> near = Spelling.near(wanted, names);
    String hint = near.isEmpty() ? "" : " (did you mean '%s'?)".formatted(near.get(0));
    return "no column '%s' in %s; it has: %s%s".formatted(wanted, input, has, hint);
  }
}
