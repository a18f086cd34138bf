  # Training: zeroes numbers at random, drawn by libtorch's generator, and scales the others up.
  def dropout(self: __torch__.InstructorT5, x: Tensor) -> Tensor:
    return torch.dropout(x, #rate, True)
