  # x (queries, dimension) times y (rows, dimension), by oneDNN's matrix product.
  def product(self: __torch__.BlockProduct, x: Tensor, y: Tensor) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, y, None, "none", annotate(List[Optional[number]], []), "")
