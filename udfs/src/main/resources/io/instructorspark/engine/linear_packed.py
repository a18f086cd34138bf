  # x (..., in) times w (out, in), packed by oneDNN, then relu or nothing.
  def linear(self: __torch__.InstructorT5, x: Tensor, w: Tensor, after: str) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, None, after, annotate(List[Optional[number]], []), "")
  def pack(self: __torch__.InstructorT5, w: Tensor) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(w, 512)
