package io.instructorspark.job.evaluate;

import java.util.List;
import java.util.Map;

/**
 * An analysis, told.
 *
 * @param columns headings of the figures
 * @param bar what the chart shows, one interval for each line
 * @param remarks how to read it, and what it leaves out
 */
record AnalysisTable(
    Analysis analysis,
    String title,
    List<String> columns,
    List<Line> lines,
    String bar,
    List<String> remarks) {
  AnalysisTable {
    columns = List.copyOf(columns);
    lines = List.copyOf(lines);
    remarks = List.copyOf(remarks);
  }

  /**
   * A line.
   *
   * @param label at its left
   * @param figures one for each column
   * @param drawn in the chart
   * @param fields for a program
   */
  record Line(String label, List<String> figures, Estimate drawn, Map<String, Object> fields) {}
}
