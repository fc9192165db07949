"""The logical functions of two inputs, as readers know them."""

from __future__ import annotations

from itertools import product

import torch
from torch import Tensor

Pattern = tuple[bool, ...]

# The answers to (0, 0), (0, 1), (1, 0) and (1, 1).
_NAMES = {
    "0000": "0 for every point",
    "0001": "AND",
    "0010": "the first but not the second input",
    "0011": "the first input alone",
    "0100": "the second but not the first input",
    "0101": "the second input alone",
    "0110": "XOR",
    "0111": "OR",
    "1000": "NOR (the opposite of OR)",
    "1001": "the opposite of XOR",
    "1010": "the opposite of the second input",
    "1011": "1 unless only the second input is 1",
    "1100": "the opposite of the first input",
    "1101": "1 unless only the first input is 1",
    "1110": "NAND (the opposite of AND)",
    "1111": "1 for every point",
}


def pattern_of(activations: Tensor) -> Pattern:
    """Say for which of the four points the activations are above one half."""
    return tuple((activations > 0.5).tolist())


def name_of(activations: Tensor) -> str:
    """Name the logical function that four activations come nearest to."""
    return _NAMES["".join(str(int(above)) for above in pattern_of(activations))]


def a_line_can_separate(hidden: Tensor, targets: Tensor) -> bool:
    """Say whether one unit can tell the targets from two hidden activations, rounded.

    `hidden` has the shape (4, 2). Weights of -1, 0 and 1 draw every line that parts
    the corners of a square.
    """
    corners = (hidden > 0.5).float()
    weights = product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5))
    return any(
        torch.equal(corners @ torch.tensor([w1, w2]) + b > 0, targets > 0.5)
        for w1, w2, b in weights
    )
