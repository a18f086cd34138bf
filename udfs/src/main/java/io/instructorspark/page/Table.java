package io.instructorspark.page;

import java.util.List;

/**
 * A table.
 *
 * @param columns one or more
 * @param rows each with a cell for each column
 */
public record Table(List<Column> columns, List<List<Cell>> rows) {
  /** Checks that rows and columns fit. */
  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of a table has %d cells, and the table %d columns"
                .formatted(row.size(), columns.size()));
      }
    }
  }

  void writeTo(Html html) {
    html.open("div", "class", "scroll").open("table").open("thead").open("tr");
    columns.forEach(
        column ->
            html.element("th", column.name(), "scope", "col", "class", column.kind().style()));
    html.close("tr").close("thead").open("tbody");
    for (List<Cell> row : rows) {
      html.open("tr");
      for (int i = 0; i < row.size(); i++) {
        html.open("td", "class", columns.get(i).kind().style());
        row.get(i).writeTo(html);
        html.close("td");
      }
      html.close("tr");
    }
    html.close("tbody").close("table").close("div");
  }
}
