  # x (..., in) times w (out, in), packed by oneDNN, then relu or nothing.
  def linear(self: __torch__.InstructorT5, x: Tensor, w: Tensor, after: str) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, None, after, annotate(List[Optional[number]], []), "")
  # The matrix (sizes) at the beginning of scratch, packed into memory of its own.
  def pack(self: __torch__.InstructorT5, scratch: Tensor, sizes: List[int]) -> Tensor:
    numbers = torch.narrow(scratch, 0, 0, torch.mul(sizes[0], sizes[1]))
    return ops.mkldnn._reorder_linear_weight(torch.view(numbers, sizes), 512)
