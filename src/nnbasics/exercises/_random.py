"""Random arguments for the functions that readers write."""

from __future__ import annotations

import torch
from torch import Tensor


def random_tensors(seed: int, *shapes: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Draw tensors from N(0, 1), the same for a seed, without torch's global state."""
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)
