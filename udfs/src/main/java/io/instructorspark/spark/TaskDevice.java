package io.instructorspark.spark;

import io.instructorspark.engine.Device;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * Which GPU is meant where Spark hands GPUs out: {@code cuda} becomes the task's own, and so does
 * {@code auto} where libtorch can use GPUs. A GPU that is named by its number stays, and so does
 * everything where Spark hands out none.
 */
final class TaskDevice {
  private static final String GPU = "gpu";

  private TaskDevice() {}

  /**
   * A model's specification on the device of the task that asks.
   *
   * @throws IllegalArgumentException if the GPU's address is no number
   */
  static ModelSpec of(ModelSpec spec) {
    TaskContext task = TaskContext.get();
    return task == null
        ? spec
        : all(spec, task.resourcesJMap(), InstructorModel::gpuCount).findFirst().orElse(spec);
  }

  /**
   * A model's specification on each of the devices that tasks of an executor will ask for.
   *
   * @param resources what the executor was given
   * @throws IllegalArgumentException if a GPU's address is no number
   */
  static List<ModelSpec> ofExecutor(ModelSpec spec, Map<String, ResourceInformation> resources) {
    List<ModelSpec> devices = all(spec, resources, InstructorModel::gpuCount).toList();
    return devices.isEmpty() ? List.of(spec) : devices;
  }

  /** On each GPU among the resources; none where the device is not theirs to say. */
  static Stream<ModelSpec> all(
      ModelSpec spec, Map<String, ResourceInformation> resources, IntSupplier gpusOfLibtorch) {
    ResourceInformation gpus = resources.get(GPU);
    boolean asked =
        spec.device().equals(Device.CUDA)
            || spec.device().equals(Device.AUTO) && gpus != null && gpusOfLibtorch.getAsInt() > 0;
    return asked && gpus != null
        ? Arrays.stream(gpus.addresses()).map(address -> spec.on(gpu(address)))
        : Stream.empty();
  }

  private static Device gpu(String address) {
    try {
      return Device.gpu(Integer.parseInt(address.strip()));
    } catch (IllegalArgumentException e) { // no number, or none of a GPU
      throw new IllegalArgumentException(
          ("Spark gave this task the GPU '%s', expected a number counted from 0, as nvidia-smi numbers them. Let the script of"
                  + " spark.executor.resource.gpu.discoveryScript print such numbers, or name the GPU by device cuda:N.")
              .formatted(address),
          e);
    }
  }
}
