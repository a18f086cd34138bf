package io.instructorspark.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** The Python names that a state_dict's pickle may mention. None of them is ever run. */
enum TorchGlobal {
  ORDERED_DICT("collections.OrderedDict", null),
  REBUILD_TENSOR("torch._utils._rebuild_tensor_v2", null),
  REBUILD_PARAMETER("torch._utils._rebuild_parameter", null),
  FLOAT_STORAGE("torch.FloatStorage", Dtype.F32),
  HALF_STORAGE("torch.HalfStorage", Dtype.F16),
  BFLOAT16_STORAGE("torch.BFloat16Storage", Dtype.BF16),
  DOUBLE_STORAGE("torch.DoubleStorage", Dtype.F64),
  LONG_STORAGE("torch.LongStorage", Dtype.I64),
  INT_STORAGE("torch.IntStorage", Dtype.I32),
  SHORT_STORAGE("torch.ShortStorage", Dtype.I16),
  CHAR_STORAGE("torch.CharStorage", Dtype.I8),
  BYTE_STORAGE("torch.ByteStorage", Dtype.U8),
  BOOL_STORAGE("torch.BoolStorage", Dtype.BOOL);

  private final String pythonName;
  private final Dtype storageType;

  TorchGlobal(String pythonName, Dtype storageType) {
    this.pythonName = pythonName;
    this.storageType = storageType;
  }

  static Optional<TorchGlobal> named(String pythonName) {
    return Arrays.stream(values())
        .filter(global -> global.pythonName.equals(pythonName))
        .findFirst();
  }

  String pythonName() {
    return pythonName;
  }

  /** The type of the numbers in such a storage; empty for what is no storage. */
  Optional<Dtype> storageType() {
    return Optional.ofNullable(storageType);
  }
}
