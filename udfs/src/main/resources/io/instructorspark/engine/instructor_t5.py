# INSTRUCTOR's forward pass as TorchScript: a T5 encoder (Raffel et al. 2020, section 2.1), the mean over
# the text's tokens, the dense layer, the unit vector (Su et al. 2022, section 2.1).
#
# Names of axes: batch, tokens, d_model, heads, d_kv, inner = heads * d_kv, distances = 2 * tokens - 1.
# The weights come in as one list:
#   0 embedding (vocab, d_model)   1 final norm (d_model)   2 dense (dimension, d_model)   3 dense bias (dimension or 0)
#   then for each layer: norm (d_model), qkv (3 * inner, d_model), o (d_model, inner),
#                        norm (d_model), wi (d_ff, d_model), wo (d_model, d_ff)
# Where T5 drops out in training the text says dropout, which is nothing in inference; seed is for it alone.
# Matrices of the layers may be bfloat16; the residual stream, norms, softmax and pooling are float32.
class InstructorT5(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  #linear
  #dropout
  #training

  # x * rsqrt(mean(x^2) + eps) * w: no mean is taken off and nothing is added.
  def rms_norm(self: __torch__.InstructorT5, x: Tensor, w: Tensor, eps: float) -> Tensor:
    v = torch.mean(torch.square(x), [-1], True)
    return torch.mul_(torch.mul(x, torch.rsqrt(torch.add(v, eps))), w)

  # (1, heads, tokens, tokens) from the table (buckets, heads): bidirectional buckets, the first half of each
  # direction exact, the rest logarithmic up to max_distance.
  def position_bias(self: __torch__.InstructorT5, table: Tensor, tokens: int, max_distance: int) -> Tensor:
    device = ops.prim.device(table)
    one_way = torch.floordiv(torch.size(table, 0), 2)
    exact = torch.floordiv(one_way, 2)
    distance = torch.arange(torch.sub(1, tokens), tokens, dtype=4, layout=None, device=device)  # (distances)
    n = torch.abs(distance)
    far = torch.div(torch.log(torch.div(torch.to(n, 6), exact)), torch.log(torch.div(float(max_distance), float(exact))))
    bucket = torch.add(torch.to(torch.mul(far, torch.sub(one_way, exact)), 4), exact)
    bucket1 = torch.where(torch.lt(n, exact), n, torch.clamp_max(bucket, torch.sub(one_way, 1)))
    bucket2 = torch.add(bucket1, torch.mul(torch.to(torch.gt(distance, 0), 4), one_way))
    by_distance = torch.embedding(table, bucket2)  # (distances, heads)
    position = torch.arange(tokens, dtype=4, layout=None, device=device)
    index = torch.add(torch.sub(torch.unsqueeze(position, 0), torch.unsqueeze(position, 1)), torch.sub(tokens, 1))
    bias = torch.permute(torch.embedding(by_distance, index), [2, 0, 1])  # (heads, tokens, tokens)
    return torch.contiguous(torch.unsqueeze(bias, 0))

  # Last hidden states (batch, tokens, d_model). ids (batch, tokens); lengths (batch) where rows are padded, else
  # (0); bias (1, heads, longest, longest) with longest >= tokens. q.k is not scaled by 1 / sqrt(d_kv).
  def encode(self: __torch__.InstructorT5, ids: Tensor, lengths: Tensor, bias: Tensor, w: List[Tensor], eps: float, seed: int) -> Tensor:
    layers = torch.floordiv(torch.sub(torch.len(w), 4), 6)
    batch = torch.size(ids, 0)
    tokens = torch.size(ids, 1)
    heads = torch.size(bias, 1)
    compute = ops.prim.dtype(bias)
    bias1 = torch.narrow(torch.narrow(bias, 2, 0, tokens), 3, 0, tokens)
    if torch.gt(torch.numel(lengths), 0):
      position = torch.arange(tokens, dtype=4, layout=None, device=ops.prim.device(ids))
      padding = torch.ge(torch.unsqueeze(position, 0), torch.unsqueeze(lengths, 1))  # (batch, tokens)
      unseen = torch.unsqueeze(torch.unsqueeze(padding, 1), 1)  # (batch, 1, 1, tokens)
      attention_bias = torch.masked_fill(bias1, unseen, -1.0e9)  # (batch, heads, tokens, tokens)
    else:
      attention_bias = bias1
    x = (self).dropout(torch.to(torch.embedding(w[0], ids), 6), seed, 0, )
    for i in range(layers):
      k0 = torch.add(4, torch.mul(6, i))
      h = torch.to((self).rms_norm(x, w[k0], eps, ), compute)
      qkv = (self).linear(h, w[torch.add(k0, 1)], "none", )  # (batch, tokens, 3 * inner)
      d_kv = torch.floordiv(torch.size(qkv, 2), torch.mul(3, heads))
      parts = torch.permute(torch.reshape(qkv, [batch, tokens, 3, heads, d_kv]), [2, 0, 3, 1, 4])
      q = torch.select(parts, 0, 0)  # (batch, heads, tokens, d_kv)
      k = torch.select(parts, 0, 1)
      v = torch.select(parts, 0, 2)
      scores = torch.add_(torch.matmul(q, torch.transpose(k, 2, 3)), attention_bias)
      p = (self).dropout(torch.to(torch.softmax(torch.to(scores, 6), -1), compute), seed, torch.add(k0, 0), )
      context = torch.reshape(torch.transpose(torch.matmul(p, v), 1, 2), [batch, tokens, torch.mul(heads, d_kv)])
      o = (self).linear(context, w[torch.add(k0, 2)], "none", )
      x = torch.add(x, (self).dropout(o, seed, torch.add(k0, 1), ))
      h1 = torch.to((self).rms_norm(x, w[torch.add(k0, 3)], eps, ), compute)
      f = (self).dropout((self).linear(h1, w[torch.add(k0, 4)], "relu", ), seed, torch.add(k0, 2), )  # (batch, tokens, d_ff)
      wo = (self).linear(f, w[torch.add(k0, 5)], "none", )
      x = torch.add(x, (self).dropout(wo, seed, torch.add(k0, 3), ))
    return (self).dropout((self).rms_norm(x, w[1], eps, ), seed, 1, )

  # Unit vectors (batch, dimension): the mean over positions >= text_start (batch) that are not padding, </s> included.
  def forward(self: __torch__.InstructorT5, ids: Tensor, lengths: Tensor, text_start: Tensor, bias: Tensor, w: List[Tensor], eps: float, activation: str, seed: int) -> Tensor:
    x = (self).encode(ids, lengths, bias, w, eps, seed, )
    position = torch.unsqueeze(torch.arange(torch.size(ids, 1), dtype=4, layout=None, device=ops.prim.device(ids)), 0)
    text_mask = torch.ge(position, torch.unsqueeze(text_start, 1))  # (batch, tokens)
    if torch.gt(torch.numel(lengths), 0):
      text_mask1 = torch.to(torch.logical_and(text_mask, torch.lt(position, torch.unsqueeze(lengths, 1))), 6)
    else:
      text_mask1 = torch.to(text_mask, 6)
    total = torch.squeeze(torch.bmm(torch.unsqueeze(text_mask1, 1), x), 1)  # (batch, d_model)
    mean = torch.div(total, torch.clamp_min(torch.sum(text_mask1, [1], True), 1.0e-9))
    y = torch.linear(mean, w[2])  # (batch, dimension)
    if torch.gt(torch.numel(w[3]), 0):
      y1 = torch.add(y, w[3])
    else:
      y1 = y
    if torch.eq(activation, "TANH"):
      z = torch.tanh(y1)
    else:
      z = y1
    return torch.div(z, torch.clamp_min(torch.norm(z, 2, [1], True), 1.0e-12))

  # Uninitialised (sizes), dtype as libtorch numbers it: 5 half, 6 float, 15 bfloat16; on the device of like.
  def empty(self: __torch__.InstructorT5, like: Tensor, sizes: List[int], dtype: int) -> Tensor:
    return torch.empty(sizes, dtype=dtype, layout=None, device=ops.prim.device(like))

  # Copies the numbers of a chunk into target from its start-th number on, widened or rounded to target's dtype.
  def fill(self: __torch__.InstructorT5, target: Tensor, start: int, chunk: Tensor) -> Tensor:
    part = torch.narrow(torch.view(target, [-1]), 0, start, torch.size(chunk, 0))
    return torch.copy_(part, chunk)

  def to_type(self: __torch__.InstructorT5, x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)
