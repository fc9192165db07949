"""Checks of what an explorer is given, before any HTML is made."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nnbasics import _checks as check

MAX_TOKENS = 64


def require_tokens(tokens: Sequence[str]) -> list[str]:
    """Return the tokens as a list; raise unless they are from 1 to 64 strings."""
    if isinstance(tokens, str):
        raise ValueError(
            f"tokens must be a sequence of strings, got the string {tokens!r:.60}; "
            "write tokens.split()"
        )
    listed: list[object] = list(tokens)
    if not 1 <= len(listed) <= MAX_TOKENS:
        raise ValueError(
            f"tokens must be from 1 to {MAX_TOKENS}, got {len(listed)}; choose a part "
            "of the sentence"
        )
    wrong = [token for token in listed if not isinstance(token, str)]
    if wrong:
        raise ValueError(f"tokens must be strings, got {wrong[0]!r:.60}")
    return [str(token) for token in listed]


def require_finite(name: str, numbers: Tensor) -> None:
    """Raise unless all numbers are finite; say where the first one is that is not."""
    check.require_floating(**{name: numbers})
    bad = (~torch.isfinite(numbers)).nonzero()
    if len(bad):
        place = tuple(bad[0].tolist())
        raise ValueError(
            f"{name} must hold finite numbers, got {numbers[place].item()} at {place}"
        )


def require_shape(name: str, numbers: Tensor, shape: tuple[int | str, ...]) -> None:
    """Raise unless the shape fits; a string in `shape` stands for any size from 1."""
    got = tuple(numbers.shape)
    fits = len(got) == len(shape) and all(
        size == wanted if isinstance(wanted, int) else size >= 1
        for size, wanted in zip(got, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(str(size) for size in shape)
        raise ValueError(f"{name} must have the shape ({wanted}), got {got}")


def require_shares(name: str, weights: Tensor) -> None:
    """Raise unless every row holds numbers from 0 to 1 with the sum 1 (or all 0).

    A row of zeros belongs to a query that may attend to nothing.
    """
    require_finite(name, weights)
    check.require_weights(name, weights)
    sums = weights.sum(dim=-1)
    off = ((sums - 1).abs() > 1e-3) & (sums != 0)
    if off.any():
        place = tuple(off.nonzero()[0].tolist())
        raise ValueError(
            f"the rows of {name} must have the sum 1, got {sums[place].item():.4g} in "
            f"row {place}; weights taken after dropout, for example, do not have it"
        )
