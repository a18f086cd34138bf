  # x (..., in) times w (out, in), then relu or nothing.
  def linear(self: __torch__.InstructorT5, x: Tensor, w: Tensor, after: str) -> Tensor:
    y = torch.linear(x, w)
    if torch.eq(after, "relu"):
      z = torch.relu_(y)
    else:
      z = y
    return z
