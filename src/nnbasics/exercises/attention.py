"""Lesson 2, the question whose answer is attention."""

from __future__ import annotations

import math

from torch import Tensor

from nnbasics.attention import scaled_dot_product_attention
from nnbasics.exercises._functions import FunctionQuestion, Mistake
from nnbasics.exercises._random import random_tensors
from nnbasics.exercises.feedback import Feedback

__all__ = ["check_attention"]

# Said when PyTorch's own message about sizes that do not fit is met.
_SIZES_DO_NOT_FIT = (
    "In a product of two tables, the last size of the first must be the first size of "
    "the second: is a transpose missing, or one too many?"
)
ERROR_HINTS = {
    "cannot be multiplied": _SIZES_DO_NOT_FIT,
    "must match the size": _SIZES_DO_NOT_FIT,
    "mismatch in its core": _SIZES_DO_NOT_FIT,
}


def _attend(
    query: Tensor, key: Tensor, value: Tensor, divisor: float = 0.0, dim: int = -1
) -> Tensor:
    """Attention with the divisor, or the dimension of the softmax, of a mistake."""
    scores = query @ key.T / (divisor or math.sqrt(query.size(-1)))  # (q_len, k_len)
    return scores.softmax(dim=dim) @ value  # (q_len, d_v)


def _weights(query: Tensor, key: Tensor) -> Tensor:
    return (query @ key.T / math.sqrt(query.size(-1))).softmax(dim=-1)


_ATTENTION = FunctionQuestion(
    exercise="2.5",
    arguments=("query", "key", "value"),
    cases=lambda: [
        random_tensors(5, (5, 7), (3, 7), (3, 11)),
        random_tensors(6, (2, 13), (11, 13), (11, 3)),
    ],
    solution=lambda query, key, value: scaled_dot_product_attention(query, key, value)[
        0
    ],
    why="It agrees with the package on tables of several sizes.",
    look=(
        "Compare your steps with the lesson's, one at a time: the scores, the scaling, "
        "the softmax of each row, the weighted sum of the values."
    ),
    mistakes=[
        Mistake(
            lambda q, k, v: _attend(q, k, v, divisor=q.size(-1)),
            "The scores were divided by d_k. The formula has a square root there.",
        ),
        Mistake(
            lambda q, k, v: _attend(q, k, v, divisor=1.0),
            "The scores were not scaled: something with d_k is missing before the "
            "softmax.",
        ),
        Mistake(
            lambda q, k, v: _attend(q, k, v, divisor=1 / math.sqrt(q.size(-1))),
            "The scores were multiplied by the square root of d_k: it goes below the "
            "line of the fraction.",
        ),
        Mistake(
            lambda q, k, v: _attend(q, k, v, divisor=math.sqrt(k.size(0))),
            "The scores were divided by the square root of the number of keys. d_k is "
            "the number of columns of the query, its last size.",
        ),
        Mistake(
            lambda q, k, v: _attend(q, k, v, divisor=math.sqrt(q.size(0))),
            "The scores were divided by the square root of the number of queries. d_k "
            "is the number of columns of the query, its last size.",
        ),
        Mistake(
            lambda q, k, v: _attend(q, k, v, divisor=math.sqrt(v.size(-1))),
            "The scores were divided by the square root of d_v, the size of a value. "
            "d_k is the size of a query.",
        ),
        Mistake(
            lambda q, k, v: _attend(q, k, v, dim=0),
            "The softmax ran over the queries, down the columns. Each query shares its "
            "weights out over the keys, along a row.",
        ),
        Mistake(
            lambda q, k, v: q @ k.T / math.sqrt(q.size(-1)) @ v,
            "The softmax is missing: the scores themselves were used as weights.",
        ),
        Mistake(
            lambda q, k, v: (q @ k.T / math.sqrt(q.size(-1))).exp() @ v,
            "The weights of a row do not sum to 1: the division of the softmax is "
            "missing.",
        ),
        Mistake(
            lambda q, k, _: _weights(q, k),
            "Those are the weights. Now mix the values with them.",
        ),
        Mistake(
            lambda q, _, v: v.mean(dim=0).expand(len(q), -1),
            "Every query got the plain mean of the values: the scores did not count.",
        ),
    ],
    error_hints=ERROR_HINTS,
)


def check_attention(function: object) -> Feedback:
    """Exercise 2.5: write attention.

    Parameters
    ----------
    function : callable or None
        Takes query (q_len, d_k), key (k_len, d_k) and value (k_len, d_v), and returns
        the output (q_len, d_v): a tensor, an array or nested lists. A batch dimension
        of size 1 in front is accepted, and so is a tuple (output, weights).

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

    Examples
    --------
    >>> def my_attention(query, key, value):
    ...     return (query @ key.T).softmax(dim=-1) @ value
    >>> print(check_attention(my_attention))
    Exercise 2.5: not yet. The scores were not scaled: something with d_k is
    missing before the softmax. At position [0, 0], counted from 0, the result
    should be 1.138 and is 1.193.
    """
    return _ATTENTION.judge(function)
