  # x (queries, dimension) times y (rows, dimension), by libtorch's matrix product.
  def product(self: __torch__.BlockProduct, x: Tensor, y: Tensor) -> Tensor:
    return torch.mm(x, torch.t(y))
