"""Lesson 3, the question whose answer is a function that cuts vectors into heads."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises._functions import Case, FunctionQuestion, Mistake
from nnbasics.exercises._random import random_tensors
from nnbasics.exercises.feedback import Feedback
from nnbasics.multihead import split_heads

__all__ = ["check_split_heads"]


def _cases() -> list[Case]:
    first, second = random_tensors(9, (2, 5, 21), (3, 7, 22))
    return [(first, 3), (second, 11)]


def _viewed(x: Tensor, num_heads: int) -> Tensor:
    batch, length, d_model = x.shape
    return x.reshape(batch, num_heads, length, d_model // num_heads)


def _interleaved(x: Tensor, num_heads: int) -> Tensor:
    return torch.stack([x[..., h::num_heads] for h in range(num_heads)], dim=1)


_SPLIT_HEADS = FunctionQuestion(
    exercise="3.3",
    arguments=("x", "num_heads"),
    cases=_cases,
    solution=split_heads,
    why="Each head holds its own columns of every position.",
    look=(
        "Head 0 of position 0 holds the first d_head numbers of that position's "
        "vector, head 1 the next d_head numbers."
    ),
    mistakes=[
        Mistake(
            _viewed,
            "The shape is right, the content is not: view and reshape never move a "
            "number, they only cut the row of all numbers differently. So your head 0 "
            "holds whole vectors of the first positions. Cut the last dimension first, "
            "then move the heads.",
        ),
        Mistake(
            lambda x, num_heads: split_heads(x, num_heads).transpose(1, 2),
            "The heads are cut, but stand behind the positions. The heads come first: "
            "is a transpose missing?",
        ),
        Mistake(
            lambda x, num_heads: split_heads(x, num_heads).transpose(0, 1),
            "The heads are cut, but stand before the batch. The batch comes first.",
        ),
        Mistake(
            lambda x, num_heads: split_heads(x, num_heads).transpose(-2, -1),
            "The heads are cut, but the last two dimensions have changed places.",
        ),
        Mistake(
            _interleaved,
            "Your head takes every num_heads-th column. A head takes columns that "
            "stand side by side.",
        ),
        Mistake(
            lambda x, num_heads: split_heads(x, x.size(-1) // num_heads),
            "num_heads and d_head have changed places.",
        ),
        Mistake(
            lambda x, num_heads: x.unsqueeze(1).expand(-1, num_heads, -1, -1),
            "Every head got whole vectors. The heads share the numbers out.",
        ),
        Mistake(
            lambda x, num_heads: split_heads(x, num_heads).flip(1),
            "The heads are in reverse order: head 0 takes the first columns.",
        ),
    ],
    error_hints={
        "is invalid for input of size": (
            "view and reshape keep all numbers: the product of the new sizes must be "
            "the product of the old ones."
        ),
        "view size is not compatible": (
            "view does not work behind a transpose: use reshape, or cut before you "
            "transpose."
        ),
    },
)


def check_split_heads(function: object) -> Feedback:
    """Exercise 3.3: write split_heads.

    Parameters
    ----------
    function : callable or None
        Takes `x`, a tensor of shape (batch, length, d_model), and `num_heads`. Returns
        the heads, of shape (batch, num_heads, length, d_head): a tensor, an array or
        nested lists.

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

    Examples
    --------
    >>> def my_split_heads(x, num_heads):
    ...     batch, length, d_model = x.shape
    ...     return x.view(batch, length, num_heads, d_model // num_heads)
    >>> print(check_split_heads(my_split_heads))
    Exercise 3.3: not yet. The heads are cut, but stand behind the positions.
    The heads come first: is a transpose missing? The result should have the
    shape (2, 3, 5, 7) and has (2, 5, 3, 7).
    """
    return _SPLIT_HEADS.judge(function)
