package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tensors that the weight files of one folder hold, whatever their format.
 *
 * @param source the file or the list of shards that they come from, for errors
 * @param byName every tensor, needed or not
 */
record StoredTensors(String source, Map<String, StoredTensor> byName) {
  /** All layers that a config may ask for have less than half as many. */
  private static final int MAX_TENSORS = 20_000;

  /**
   * Lists the weights of a folder: one safetensors file before its shards before one torch file
   * before its shards.
   *
   * @param remedy what to say where there are none
   */
  static StoredTensors of(CheckpointFiles files, String folder, String remedy) {
    List<String> tried = new ArrayList<>();
    for (WeightFormat format : WeightFormat.values()) {
      String single = RelativePath.join(folder, format.fileName());
      if (files.has(single)) {
        Map<String, StoredTensor> byName = new LinkedHashMap<>();
        format.list(files, single).forEach(tensor -> byName.put(tensor.name(), tensor));
        return new StoredTensors(files.describe(single), byName);
      }
      String index = RelativePath.join(folder, format.indexName());
      if (files.has(index)) {
        return new StoredTensors(files.describe(index), sharded(files, folder, index, format));
      }
      tried.add(format.fileName());
      tried.add(format.indexName());
    }
    tried.forEach(name -> files.requireLacking(RelativePath.join(folder, name)));
    throw new CheckpointException(
        "%s has no weights, none of %s. %s".formatted(files.describe(folder), tried, remedy));
  }

  private static Map<String, StoredTensor> sharded(
      CheckpointFiles files, String folder, String index, WeightFormat format) {
    ConfigFile file = ConfigFile.read(files, index, CheckpointFiles.MAX_HEADER_BYTES);
    JsonNode weightMap = file.root().path("weight_map");
    if (!weightMap.isObject()) {
      throw file.refused("weight_map must be an object from tensors to files");
    }
    Map<String, Map<String, StoredTensor>> shards = new TreeMap<>();
    Map<String, StoredTensor> byName = new LinkedHashMap<>();
    int listed = 0;
    for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
      if (!entry.getValue().isTextual()) {
        throw file.refused("weight_map gives no file name for " + Printable.name(entry.getKey()));
      }
      String path = RelativePath.join(folder, entry.getValue().textValue(), files.describe(index));
      Map<String, StoredTensor> shard =
          shards.computeIfAbsent(path, shardPath -> new LinkedHashMap<>());
      if (shard.isEmpty()) {
        format.list(files, path).forEach(tensor -> shard.put(tensor.name(), tensor));
        listed += shard.size();
      }
      if (listed > MAX_TENSORS) {
        throw file.refused(
            "its shards hold more than %d tensors; no INSTRUCTOR model does"
                .formatted(MAX_TENSORS));
      }
      StoredTensor tensor = shard.get(entry.getKey());
      if (tensor == null) {
        throw file.refused(
            "weight_map says that %s is in %s, but it is not"
                .formatted(Printable.name(entry.getKey()), files.describe(path)));
      }
      byName.put(entry.getKey(), tensor);
    }
    return byName;
  }
}
