package io.instructorspark.job.map;

import static org.apache.spark.sql.functions.col;

import io.instructorspark.spark.MapPoints;
import io.instructorspark.spark.SemanticMapModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Coordinates as columns: {@code x}, {@code y}, {@code z}, or {@code x_1} of the first map. */
final class CoordinateColumns {
  private static final String[] AXES = {"x", "y", "z"};

  private CoordinateColumns() {}

  /** All that there may be, of so many maps. */
  static List<String> of(int maps) {
    List<String> names = new ArrayList<>();
    for (int map = 0; map < maps; map++) {
      for (int axis = 0; axis < AXES.length; axis++) {
        names.add(name(maps, map, axis));
      }
    }
    return names;
  }

  private static String name(int maps, int map, int axis) {
    return maps == 1 ? AXES[axis] : AXES[axis] + "_" + (map + 1);
  }

  /** All rows of the input, with their places on the maps as the page shows these. */
  static Dataset<Row> of(MapVectors rows, List<SemanticMapModel> maps, MapPoints points) {
    Dataset<Row> placed = rows.data();
    List<String> added = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      SemanticMapModel map = maps.get(i).turned(points.turn(i));
      placed = map.transform(placed);
      for (int axis = 0; axis < map.dimensions(); axis++) {
        String name = name(maps.size(), i, axis);
        added.add(name);
        placed = placed.withColumn(name, col(map.getOutputCol()).getItem(axis));
      }
    }
    return rows.rows().output(placed, added.toArray(String[]::new));
  }
}
