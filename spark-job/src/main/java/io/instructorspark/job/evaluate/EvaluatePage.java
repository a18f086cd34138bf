package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.said;

import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.evaluate.Results.Side;
import io.instructorspark.page.Cell;
import io.instructorspark.page.Column;
import io.instructorspark.page.Page;
import io.instructorspark.page.PageKind;
import io.instructorspark.page.Section;
import io.instructorspark.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** An evaluation as a page: averages, every task, differences, analyses. */
final class EvaluatePage {
  private final EvaluateReport report;
  private final Results results;

  private EvaluatePage(EvaluateReport report) {
    this.report = report;
    this.results = report.results();
  }

  static Page of(EvaluateReport report) {
    return new EvaluatePage(report).page();
  }

  private Page page() {
    Page page = Page.of(PageKind.EVALUATION, "Embeddings evaluated").lead(report.heading() + ".");
    if (!results.contrasts().isEmpty()) {
      Section verdicts = Section.of("What the figures say");
      report.verdicts().forEach(verdicts::paragraph);
      page.add(verdicts);
    }
    page.add(Section.of("By category").table(byCategory()));
    page.add(Section.of("By task").table(byTask()));
    for (Contrast contrast : results.contrasts()) {
      page.add(differences(contrast));
    }
    parts(page);
    report.tables().forEach(table -> page.add(analysis(table)));
    page.add(Section.of("Instructions").table(instructions()));
    Section remarks = Section.of("How to read this");
    report.remarks().forEach(remarks::paragraph);
    return page.add(remarks);
  }

  private List<Column> columns(String first) {
    List<Column> columns = new ArrayList<>(List.of(Column.text(first), Column.number("n")));
    boolean several = results.models().size() > 1;
    results.sides().forEach(side -> columns.add(Column.number(side.named(several))));
    return columns;
  }

  private List<Cell> cells(
      Cell name, String count, Function<Function<TaskSpec, Sample>, Sample> level) {
    List<Cell> cells = new ArrayList<>(List.of(name, Cell.of(count)));
    for (Side side : results.sides()) {
      Estimate score = level.apply(results.on(side)).estimate();
      cells.add(
          Cell.of(
              Figures.score(score.value()),
              said("%.1f to %.1f", 100 * score.low(), 100 * score.high())));
    }
    return cells;
  }

  private Table byCategory() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Category category : results.categories()) {
      List<TaskSpec> tasks = results.in(category);
      rows.add(
          cells(
              Cell.of(category.spoken(), category.metric()),
              String.valueOf(tasks.size()),
              scored -> results.over(tasks, scored)));
    }
    rows.add(
        cells(
            Cell.strong("mean over tasks"),
            String.valueOf(results.tasks().size()),
            scored -> results.over(results.tasks(), scored)));
    rows.add(
        cells(
            Cell.strong("mean over categories"),
            String.valueOf(results.categories().size()),
            results::overCategories));
    return new Table(columns("Category"), rows);
  }

  private Table byTask() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Category category : results.categories()) {
      for (TaskSpec task : results.in(category)) {
        int items = results.of(task, results.sides().get(0)).orElseThrow().items();
        rows.add(
            cells(
                Cell.of(task.name(), category.spoken()),
                said("%,d", items),
                scored -> scored.apply(task)));
      }
    }
    return new Table(columns("Task"), rows);
  }

  private Section differences(Contrast contrast) {
    List<String> names = new ArrayList<>();
    List<Estimate> gaps = new ArrayList<>();
    for (Map.Entry<List<String>, Sample> level : results.levels(results.on(contrast)).entrySet()) {
      names.add(
          level.getKey().get(0).startsWith("mean")
              ? level.getKey().get(0).replace('_', ' ')
              : level.getKey().get(1));
      gaps.add(level.getValue().estimate());
    }
    String title =
        results.models().size() > 1
            ? "%s (%s)".formatted(contrast.label(), contrast.side().model())
            : contrast.label();
    return Section.of("Difference: " + title)
        .table(intervals("Task, category, mean", names, gaps, Figures::gap));
  }

  private void parts(Page page) {
    List<List<Cell>> rows = new ArrayList<>();
    for (Result one : results.all()) {
      if (results.variants().contains(one.variant().name())) {
        one.parts()
            .forEach(
                (name, part) ->
                    rows.add(
                        List.of(
                            Cell.of(one.task().name(), one.model()),
                            Cell.of(one.variant().name()),
                            Cell.of(name.replace('_', ' ')),
                            Cell.of(Figures.score(part.estimate())))));
      }
    }
    if (!rows.isEmpty()) {
      page.add(
          Section.of("Views under their own and under each other's instruction")
              .table(
                  new Table(
                      List.of(
                          Column.text("Task"),
                          Column.text("Instruction"),
                          Column.text("View, under which view's instruction"),
                          Column.number("Right")),
                      rows)));
    }
  }

  private static Section analysis(AnalysisTable table) {
    Section section = Section.of(table.title());
    if (table.lines().isEmpty()) {
      section.paragraph("No task can be part of this analysis.");
    } else {
      List<Column> columns = new ArrayList<>(List.of(Column.text("")));
      table.columns().forEach(name -> columns.add(Column.number(name)));
      List<List<Cell>> rows = new ArrayList<>();
      for (AnalysisTable.Line line : table.lines()) {
        List<Cell> row = new ArrayList<>(List.of(Cell.of(line.label())));
        line.figures().forEach(figure -> row.add(Cell.of(figure)));
        rows.add(row);
      }
      section.table(new Table(columns, rows)).heading(table.bar());
      section.table(
          intervals(
              "",
              table.lines().stream().map(AnalysisTable.Line::label).toList(),
              table.lines().stream().map(AnalysisTable.Line::drawn).toList(),
              Figures::score));
    }
    table.remarks().stream().filter(one -> !one.isEmpty()).forEach(section::soft);
    return section;
  }

  /** On a scale that all of them fill; it holds 0 where they lie on both of its sides. */
  private static Table intervals(
      String head, List<String> names, List<Estimate> all, Function<Estimate, String> told) {
    double least = all.stream().mapToDouble(Estimate::low).min().orElse(0);
    double most = all.stream().mapToDouble(Estimate::high).max().orElse(1);
    double room = Math.max(1e-3, (most - least) / 20);
    double from = least - room;
    double to = most + room;
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Estimate of = all.get(i);
      String said = told.apply(of);
      rows.add(
          List.of(
              Cell.of(names.get(i)),
              Cell.interval(
                  share(of.low(), from, to),
                  share(of.value(), from, to),
                  share(of.high(), from, to),
                  said),
              Cell.of(said)));
    }
    return new Table(
        List.of(
            Column.text(head),
            Column.bar(said("from %.1f to %.1f", 100 * from, 100 * to)),
            Column.number("")),
        rows);
  }

  private static double share(double value, double from, double to) {
    return Math.max(0, Math.min(1, (value - from) / (to - from)));
  }

  private Table instructions() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Result one : results.all()) {
      if (one.model().equals(results.models().get(0))
          && !one.variant().name().equals(Variant.NONE)) {
        for (String role : one.task().category().roles()) {
          rows.add(
              List.of(
                  Cell.of(one.task().name(), role),
                  Cell.of(one.variant().name(), one.variant().origin()),
                  Cell.of(one.variant().instruction(role))));
        }
      }
    }
    return new Table(
        List.of(Column.text("Task"), Column.text("Variant"), Column.text("Instruction")), rows);
  }
}
