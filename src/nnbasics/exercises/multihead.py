"""Lesson 3, the question whose answer is multi-head attention with a loop."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from nnbasics.attention import scaled_dot_product_attention
from nnbasics.exercises._functions import Case, FunctionQuestion, Mistake
from nnbasics.exercises._random import random_tensors
from nnbasics.exercises.attention import ERROR_HINTS
from nnbasics.exercises.feedback import Feedback
from nnbasics.multihead import merge_heads, split_heads

__all__ = ["check_multi_head_attention"]


def _cases() -> list[Case]:
    first = random_tensors(10, (5, 33), (7, 33), (7, 33))
    second = random_tensors(11, (7, 26), (3, 26), (3, 26))
    return [(*first, 3), (*second, 2)]


def _heads(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    """Return the outputs of the heads, (num_heads, q_len, d_head)."""
    parts = [split_heads(x, num_heads) for x in (q, k, v)]
    return scaled_dot_product_attention(*parts)[0]


def _right(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    return merge_heads(_heads(q, k, v, num_heads))  # (q_len, d_model)


def _viewed(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    parts = [x.reshape(num_heads, len(x), -1) for x in (q, k, v)]
    return merge_heads(scaled_dot_product_attention(*parts)[0])


def _viewed_twice(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    parts = [x.reshape(num_heads, len(x), -1) for x in (q, k, v)]
    return scaled_dot_product_attention(*parts)[0].reshape(q.shape)


def _over_queries(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    query, key, value = (split_heads(x, num_heads) for x in (q, k, v))
    scores = query @ key.mT / math.sqrt(query.size(-1))
    return merge_heads(scores.softmax(dim=-2) @ value)


def _interleaved(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    parts = [(q[:, h::num_heads], k[:, h::num_heads], v[:, h::num_heads])
             for h in range(num_heads)]  # fmt: skip
    return torch.cat([scaled_dot_product_attention(*part)[0] for part in parts], dim=-1)


_MULTI_HEAD_ATTENTION = FunctionQuestion(
    exercise="3.4",
    arguments=("query", "key", "value", "num_heads"),
    cases=_cases,
    solution=_right,
    why="Each head attends with its own columns, and the outputs stand side by side.",
    look=(
        "Take one head after the other: its columns of query, key and value, attention "
        "with these, and its output in the same columns of the result."
    ),
    mistakes=[
        Mistake(
            lambda q, k, v, _: scaled_dot_product_attention(q, k, v)[0],
            "The heads were not split where it counts: every head used the scores of "
            "the whole vectors. A head's scores come from its own columns of query and "
            "key.",
        ),
        Mistake(
            lambda q, k, v, n: _right(q / math.sqrt(n), k, v, n),
            "The scores were divided by the square root of d_model. A head's queries "
            "have d_head numbers.",
        ),
        Mistake(
            lambda q, k, v, n: _right(q * math.sqrt(q.size(-1) // n), k, v, n),
            "The scores were not scaled: something with d_head is missing.",
        ),
        Mistake(
            lambda q, k, v, n: _right(q / math.sqrt(q.size(-1) // n), k, v, n),
            "The scores were divided by d_head. The formula has a square root there.",
        ),
        Mistake(
            _over_queries,
            "The softmax ran over the queries. Each query shares its weights out over "
            "the keys.",
        ),
        Mistake(
            _viewed,
            "The heads were split with view or reshape alone, which mixes positions "
            "and columns. A head takes some columns of every position.",
        ),
        Mistake(
            _viewed_twice,
            "The heads were split with view or reshape alone, which mixes positions "
            "and columns. A head takes some columns of every position.",
        ),
        Mistake(
            lambda q, k, v, n: _heads(q, k, v, n).reshape(q.shape),
            "The heads are right, but they were put together with view or reshape "
            "alone. The outputs of one position belong side by side, in one row.",
        ),
        Mistake(
            lambda q, k, v, n: _heads(q, k, v, n).mean(dim=0),
            "That is the mean of the heads. Concatenate them: side by side.",
        ),
        Mistake(
            lambda q, k, v, n: _heads(q, k, v, n).sum(dim=0),
            "That is the sum of the heads. Concatenate them: side by side.",
        ),
        Mistake(
            _heads,
            "The heads are right. Now concatenate them: side by side, in one row for "
            "each position.",
        ),
        Mistake(
            lambda q, k, v, n: _heads(q, k, v, n).flatten(0, 1),
            "The heads were put below one another. They belong side by side: look at "
            "the dimension of the concatenation.",
        ),
        Mistake(
            _interleaved,
            "Your head takes every num_heads-th column. A head takes columns that "
            "stand side by side.",
        ),
    ],
    error_hints=ERROR_HINTS,
)


def check_multi_head_attention(function: object) -> Feedback:
    """Exercise 3.4: write multi-head attention with a loop over the heads.

    Parameters
    ----------
    function : callable or None
        Takes query (q_len, d_model), key and value (k_len, d_model), which are
        projected already, and `num_heads`. Returns the concatenated outputs of the
        heads, (q_len, d_model), before the output projection: a tensor, an array or
        nested lists. A batch dimension of size 1 in front is accepted.

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

    Examples
    --------
    >>> def my_multi_head_attention(query, key, value, num_heads):
    ...     return scaled_dot_product_attention(query, key, value)[0]
    >>> print(check_multi_head_attention(my_multi_head_attention).message[:47])
    The heads were not split where it counts: every
    """
    return _MULTI_HEAD_ATTENTION.judge(function)
