  # What training adds (Su et al. 2022, section 2.3). The parameters p are float32, in one list:
  #   0 embedding   1 final norm   2 dense   3 table of position biases (buckets, heads)
  #   then six a layer as above, then the dense layer's bias if it has one.
  # A batch of texts comes in passes: lists of ids, lengths and text_start, one entry a pass. Numbers come as arrays,
  # since libtorch's gradients are to be had only through a call that takes nothing but arrays:
  #   ints: compute (6 float, 15 bfloat16), max_distance, 1 for tanh behind the dense layer, then a seed a pass for
  #   dropout     doubles: eps, or the temperature

  # The forward pass's list of weights, its matrices rounded to compute (6 float, 15 bfloat16).
  def weights(self: __torch__.InstructorT5, p: List[Tensor], compute: int) -> List[Tensor]:
    layers = torch.floordiv(torch.sub(torch.len(p), 4), 6)
    end = torch.add(4, torch.mul(6, layers))
    if torch.gt(torch.len(p), end):
      bias = p[end]
    else:
      bias = torch.empty([0], dtype=6, layout=None, device=ops.prim.device(p[0]))
    w = [p[0], p[1], p[2], bias]
    for i in range(layers):
      k = torch.add(4, torch.mul(6, i))
      _0 = torch.append(w, p[k])
      _1 = torch.append(w, torch.to(p[torch.add(k, 1)], compute))
      _2 = torch.append(w, torch.to(p[torch.add(k, 2)], compute))
      _3 = torch.append(w, p[torch.add(k, 3)])
      _4 = torch.append(w, torch.to(p[torch.add(k, 4)], compute))
      _5 = torch.append(w, torch.to(p[torch.add(k, 5)], compute))
    return w

  # Unit vectors (texts of all passes, dimension), in the order of the passes.
  def vectors(self: __torch__.InstructorT5, ids: List[Tensor], lengths: List[Tensor], text_start: List[Tensor], p: List[Tensor], ints: Tensor, doubles: Tensor) -> Tensor:
    compute = int(torch.select(ints, 0, 0))
    max_distance = int(torch.select(ints, 0, 1))
    if torch.eq(int(torch.select(ints, 0, 2)), 1):
      activation = "TANH"
    else:
      activation = "IDENTITY"
    eps = float(torch.select(doubles, 0, 0))
    w = (self).weights(p, compute, )
    longest = 0
    for i in range(torch.len(ids)):
      longest = ops.prim.max(longest, torch.size(ids[i], 1))
    bias = torch.to((self).position_bias(p[3], longest, max_distance, ), compute)
    all = annotate(List[Tensor], [])
    for i in range(torch.len(ids)):
      seed = int(torch.select(ints, 0, torch.add(i, 3)))
      _0 = torch.append(all, (self).forward(ids[i], lengths[i], text_start[i], bias, w, eps, activation, seed, ))
    return torch.cat(all)

  # Two-sided contrastive loss of the vectors v (texts, dimension) of the queries, as many positives, and the negatives,
  # which order finds among all_v. Query i is set against the positives and negatives that forth (pairs, pairs +
  # negatives) names, positive i against the queries and negatives that back names; each names i itself.
  def contrast(self: __torch__.InstructorT5, all_v: Tensor, order: Tensor, forth: Tensor, back: Tensor, doubles: Tensor) -> Tensor:
    b = torch.size(forth, 0)
    temperature = float(torch.select(doubles, 0, 0))
    v = torch.index_select(all_v, 0, order)
    q = torch.narrow(v, 0, 0, b)
    pos = torch.narrow(v, 0, b, b)
    neg = torch.narrow(v, 0, torch.mul(2, b), torch.sub(torch.size(v, 0), torch.mul(2, b)))
    cosine = torch.div(torch.matmul(q, torch.t(torch.cat([pos, neg]))), temperature)
    cosine1 = torch.div(torch.matmul(pos, torch.t(torch.cat([q, neg]))), temperature)
    among = torch.logsumexp(torch.masked_fill(cosine, torch.logical_not(forth), -1.0e9), [1])
    among1 = torch.logsumexp(torch.masked_fill(cosine1, torch.logical_not(back), -1.0e9), [1])
    loss = torch.sub(among, torch.diagonal(cosine))
    loss1 = torch.sub(among1, torch.diagonal(cosine1))
    return torch.add(torch.mean(loss), torch.mean(loss1))

  # The parameters as leaves of a graph of their own; their memory is shared.
  def leaves(self: __torch__.InstructorT5, p: List[Tensor]) -> List[Tensor]:
    q = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      _0 = torch.append(q, torch.requires_grad_(torch.detach(p[i]), True))
    return q

  # Adds to g the gradients of x by the leaves; no graph is left.
  def add_gradients(self: __torch__.InstructorT5, x: Tensor, leaves: List[Tensor], g: List[Tensor]) -> Tensor:
    found = torch.autograd.grad([x], leaves)
    torch.set_grad_enabled(False)
    for i in range(torch.len(found)):
      one = found[i]
      if torch.__isnot__(one, None):
        _0 = torch.add_(g[i], unchecked_cast(Tensor, one))
      else:
        pass
    return torch.detach(x)

  # Vectors with their graph, and behind them its leaves.
  def kept(self: __torch__.InstructorT5, ids: List[Tensor], lengths: List[Tensor], text_start: List[Tensor], p: List[Tensor], ints: Tensor, doubles: Tensor) -> List[Tensor]:
    torch.set_grad_enabled(True)
    leaves = (self).leaves(p, )
    all = [(self).vectors(ids, lengths, text_start, leaves, ints, doubles, )]
    torch.set_grad_enabled(False)
    for i in range(torch.len(leaves)):
      _0 = torch.append(all, leaves[i])
    return all

  # Adds to g the gradients by the leaves, given the vectors with their graph and the loss's gradient by them (texts,
  # dimension). The graph is used up.
  def kept_back(self: __torch__.InstructorT5, v: Tensor, slope: Tensor, leaves: List[Tensor], g: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(True)
    return (self).add_gradients(torch.sum(torch.mul(v, slope)), leaves, g, )

  # Vectors, and no graph.
  def encode_all(self: __torch__.InstructorT5, ids: List[Tensor], lengths: List[Tensor], text_start: List[Tensor], p: List[Tensor], ints: Tensor, doubles: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    return (self).vectors(ids, lengths, text_start, p, ints, doubles, )

  # The loss of vectors, which come in parts, and no graph.
  def loss(self: __torch__.InstructorT5, v: List[Tensor], order: Tensor, forth: Tensor, back: Tensor, doubles: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    return (self).contrast(torch.cat(v), order, forth, back, doubles, )

  # The loss of vectors, which come in parts, and its gradient by each part.
  def by_vectors(self: __torch__.InstructorT5, v: List[Tensor], order: Tensor, forth: Tensor, back: Tensor, doubles: Tensor) -> List[Tensor]:
    torch.set_grad_enabled(True)
    parts = annotate(List[Tensor], [])
    slopes = annotate(List[Tensor], [])
    for i in range(torch.len(v)):
      _0 = torch.append(parts, torch.requires_grad_(torch.detach(v[i]), True))
      _1 = torch.append(slopes, torch.zeros_like(v[i]))
    loss = (self).contrast(torch.cat(parts), order, forth, back, doubles, )
    result = [(self).add_gradients(loss, parts, slopes, )]
    for i in range(torch.len(slopes)):
      _2 = torch.append(result, torch.detach(slopes[i]))
    return result

  # Adds to g the gradients of some passes, given the loss's gradient by their vectors.
  def pass_back(self: __torch__.InstructorT5, slope: Tensor, ids: List[Tensor], lengths: List[Tensor], text_start: List[Tensor], p: List[Tensor], ints: Tensor, doubles: Tensor, g: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(True)
    leaves = (self).leaves(p, )
    v = (self).vectors(ids, lengths, text_start, leaves, ints, doubles, )
    return (self).add_gradients(torch.sum(torch.mul(v, slope)), leaves, g, )

  # Clears gradients.
  def clear(self: __torch__.InstructorT5, g: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(False)
    torch._foreach_zero_(g)
    return g[0]

  # Adds gradients to gradients, and clears the former.
  def gather(self: __torch__.InstructorT5, q: List[Tensor], g: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(False)
    torch._foreach_add_(g, q)
    torch._foreach_zero_(q)
    return g[0]

  # The length of all gradients together.
  def norm(self: __torch__.InstructorT5, g: List[Tensor]) -> Tensor:
    torch.set_grad_enabled(False)
    return torch.norm(torch.stack(torch._foreach_norm(g)), 2)

  # An update by AdamW (Loshchilov and Hutter 2019, algorithm 2); the gradients are cleared.
  # doubles: which update it is, what gradients are multiplied with, rate, beta1, beta2, decay, epsilon
  def adamw(self: __torch__.InstructorT5, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], doubles: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    at = torch.to(torch.select(doubles, 0, 0), 6)
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      _0 = torch.append(steps, at)
    torch._foreach_mul_(g, float(torch.select(doubles, 0, 1)))
    rate = float(torch.select(doubles, 0, 2))
    beta1 = float(torch.select(doubles, 0, 3))
    beta2 = float(torch.select(doubles, 0, 4))
    decay = float(torch.select(doubles, 0, 5))
    epsilon = float(torch.select(doubles, 0, 6))
    torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
    torch._foreach_zero_(g)
    return at
