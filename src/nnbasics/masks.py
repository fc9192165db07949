"""Masks: which query may attend to which key. ``True`` means *may attend*."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nnbasics import _validation as check

__all__ = ["causal_mask", "padding_mask"]


def causal_mask(length: int) -> Tensor:
    """Let each position attend to itself and to what comes before it.

    Parameters
    ----------
    length : int
        The number of positions, at least 1.

    Returns
    -------
    Tensor of bool, shape (length, length)
        ``True`` on and below the diagonal: row *i* may attend to columns 0 to *i*.

    Raises
    ------
    TypeError
        If `length` is not an int.
    ValueError
        If `length` is less than 1.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.2.3.

    Examples
    --------
    >>> causal_mask(3)
    tensor([[ True, False, False],
            [ True,  True, False],
            [ True,  True,  True]])
    """
    check.require_positive_int("length", length)
    return torch.ones(length, length, dtype=torch.bool).tril()  # (length, length)


def padding_mask(
    lengths: Sequence[int] | Tensor, max_length: int | None = None
) -> Tensor:
    """Keep every query from attending to the padding behind a shorter sequence.

    Parameters
    ----------
    lengths : sequence of int, or integer Tensor of shape (batch,)
        How many positions of each sequence are real, 0 or more.
    max_length : int, optional
        The padded length; the longest of `lengths` if not given.

    Returns
    -------
    Tensor of bool, shape (batch, 1, max_length)
        ``True`` at the real positions. The dimension of size 1 stands for the
        queries, which all get the same row.

    Raises
    ------
    TypeError
        If a length is not an integer.
    ValueError
        If `lengths` is empty or not one-dimensional, a length is negative, or
        `max_length` is less than the longest or less than 1.

    Examples
    --------
    Two sequences of 2 and 3 tokens, padded to 3.

    >>> padding_mask([2, 3])
    tensor([[[ True,  True, False]],
    <BLANKLINE>
            [[ True,  True,  True]]])
    """
    sizes = _lengths_as_tensor(lengths)  # (batch,)
    longest = int(sizes.max())
    if max_length is None:
        max_length = longest
    check.require_positive_int("max_length", max_length)
    if max_length < longest:
        raise ValueError(
            f"max_length must be at least the longest of lengths, {longest}, "
            f"got {max_length}"
        )
    positions = torch.arange(max_length, device=sizes.device)  # (max_length,)
    return positions < sizes[:, None, None]  # (batch, 1, max_length)


def _lengths_as_tensor(lengths: Sequence[int] | Tensor) -> Tensor:
    """Return lengths as an integer tensor of shape (batch,), or say what is wrong."""
    sizes = lengths if isinstance(lengths, Tensor) else _tensor_of(lengths)
    if sizes.dim() != 1 or sizes.numel() == 0:
        raise ValueError(
            "lengths must hold one number for each sequence, at least one in all, "
            f"got the shape {tuple(sizes.shape)}"
        )
    if sizes.is_floating_point() or sizes.is_complex() or sizes.dtype == torch.bool:
        raise TypeError(f"lengths must hold integers, got dtype {sizes.dtype}")
    if int(sizes.min()) < 0:
        raise ValueError(f"lengths must be 0 or more, got {sizes.tolist()}")
    return sizes


def _tensor_of(lengths: Sequence[int]) -> Tensor:
    items = check.items_of("lengths", lengths, "int")
    try:
        return torch.tensor(items)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"lengths must be a sequence of int, got {items}") from None
