# Products of two blocks of vectors as TorchScript. Names of axes: queries, rows, dimension.
class BlockProduct(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]

  # (queries, rows): some of the queries, q (all queries, dimension), times some of the rows, c (all rows, dimension).
  def products(self: __torch__.BlockProduct, q: Tensor, c: Tensor, query: int, queries: int, row: int, rows: int) -> Tensor:
    return (self).product(torch.narrow(q, 0, query, queries), torch.narrow(c, 0, row, rows), )

  #product
  # The k-th greatest product of each query (queries).
  def kth(self: __torch__.BlockProduct, q: Tensor, c: Tensor, query: int, queries: int, row: int, rows: int, k: int) -> Tensor:
    best, places = torch.topk((self).products(q, c, query, queries, row, rows, ), k, -1, True, False)
    return torch.amin(best, [1])

  # Places query * rows + row, ascending, of the products that reach least (queries). Looks for them in those queries'
  # products alone whose greatest one reaches it.
  def reaching(self: __torch__.BlockProduct, q: Tensor, c: Tensor, query: int, queries: int, row: int, rows: int, least: Tensor) -> Tensor:
    products = (self).products(q, c, query, queries, row, rows, )
    some = torch.reshape(torch.nonzero(torch.ge(torch.amax(products, [1]), least)), [-1])
    limits = torch.unsqueeze(torch.index_select(least, 0, some), 1)
    reached = torch.nonzero(torch.ge(torch.index_select(products, 0, some), limits))
    places = torch.index_select(some, 0, torch.select(reached, 1, 0))
    return torch.add(torch.mul(places, rows), torch.select(reached, 1, 1))

  # Rows of the k greatest products of each query, the greatest first (queries, k).
  def best(self: __torch__.BlockProduct, q: Tensor, c: Tensor, query: int, queries: int, row: int, rows: int, k: int) -> Tensor:
    products, places = torch.topk((self).products(q, c, query, queries, row, rows, ), k, -1, True, True)
    return torch.reshape(places, [-1])

  # Some of the queries (some, dimension).
  def some(self: __torch__.BlockProduct, q: Tensor, places: Tensor) -> Tensor:
    return torch.index_select(q, 0, places)
