  # Zeroes a share of #rate of x and scales the rest up. What is zeroed is a hash (two rounds of multiply and
  # xor-shift) of seed, of where in the text the dropout stands, and of the number's place: the same in every call,
  # whichever thread makes it.
  def dropout(self: __torch__.InstructorT5, x: Tensor, seed: int, place: int) -> Tensor:
    start = torch.remainder(torch.add(seed, torch.mul(place, 1640531527)), 2147483648)
    h = torch.arange(torch.numel(x), dtype=3, layout=None, device=ops.prim.device(x))
    torch.add_(torch.mul_(h, -1640531535), start)
    torch.bitwise_xor_(h, torch.bitwise_right_shift(h, 15))
    torch.mul_(h, 739982445)
    torch.bitwise_xor_(h, torch.bitwise_right_shift(h, 12))
    torch.mul_(h, 695872825)
    torch.bitwise_xor_(h, torch.bitwise_right_shift(h, 15))
    keep = torch.to(torch.ge(h, #threshold), ops.prim.dtype(x))
    return torch.mul(x, torch.mul_(torch.reshape(keep, torch.size(x)), #scale))
