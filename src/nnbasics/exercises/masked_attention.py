"""Lesson 2, the question whose answer is attention with a mask."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from nnbasics.attention import attention_weights, scaled_dot_product_attention
from nnbasics.exercises._functions import Case, FunctionQuestion, Mistake
from nnbasics.exercises._random import random_tensors
from nnbasics.exercises.attention import ERROR_HINTS
from nnbasics.exercises.feedback import Feedback

__all__ = ["check_masked_attention"]


def _cases() -> list[Case]:
    query, key, value = random_tensors(8, (5, 3), (7, 3), (7, 11))
    positions = torch.arange(5)[:, None] + torch.arange(7)
    # Each row and each column has both, so that the inverted mask leaves no row empty.
    mask = positions % 3 != 0
    empty_row = mask.clone()
    empty_row[3] = False
    return [(query, key, value, mask), (query, key, value, empty_row)]


def _scores(query: Tensor, key: Tensor) -> Tensor:
    return query @ key.T / math.sqrt(query.size(-1))  # (q_len, k_len)


def _output(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    return scaled_dot_product_attention(q, k, v, mask)[0]


def _fill(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, filling: float) -> Tensor:
    """Attention with a softmax that does not care for rows of blocked scores."""
    return _scores(q, k).masked_fill(~mask, filling).softmax(dim=-1) @ v


_MASKED_ATTENTION = FunctionQuestion(
    exercise="2.6",
    arguments=("query", "key", "value", "mask"),
    cases=_cases,
    solution=_output,
    why="It agrees with the package, for a query that may attend to nothing too.",
    look=(
        "The mask changes the scores, before the softmax: what must a blocked score "
        "become so that its weight is 0?"
    ),
    mistakes=[
        Mistake(
            lambda q, k, v, _: _output(q, k, v, None),
            "The mask was not used.",
        ),
        Mistake(
            lambda q, k, v, mask: _output(q, k, v, ~mask),
            "The mask is inverted: True means may attend here.",
        ),
        Mistake(
            lambda q, k, v, mask: attention_weights(q, k) * mask @ v,
            "The mask was applied after the softmax, so that the weights of a row no "
            "longer sum to 1. Block the scores before the softmax.",
        ),
        Mistake(
            lambda q, k, v, mask: (_scores(q, k) * mask).softmax(dim=-1) @ v,
            "A blocked score became 0, and e^0 is 1, not 0. Which score has the weight "
            "0?",
        ),
        Mistake(
            lambda q, k, v, mask: (_scores(q, k) + mask).softmax(dim=-1) @ v,
            "True was added to the scores as a 1. A blocked score must become one "
            "whose weight is 0.",
        ),
        Mistake(
            lambda q, k, v, mask: _output(q * math.sqrt(q.size(-1)), k, v, mask),
            "The scores were not scaled: something with d_k is missing.",
        ),
        Mistake(
            lambda q, k, v, mask: _output(q / math.sqrt(q.size(-1)), k, v, mask),
            "The scores were divided by d_k. The formula has a square root there.",
        ),
        Mistake(
            lambda q, k, v, mask: _fill(q, k, v, mask, -math.inf),
            "Right where a query may attend to something. Where it may attend to "
            "nothing, all that is left to share out is 0, and the softmax computes "
            "0 / 0, which is nan: such a row needs care.",
        ),
        Mistake(
            lambda q, k, v, mask: _fill(q, k, v, mask, -1e9),
            "Right where a query may attend to something. A row of equal scores, "
            "however low, has equal weights: the query mixes all it must not see.",
        ),
    ],
    error_hints=ERROR_HINTS,
)


def check_masked_attention(function: object) -> Feedback:
    """Exercise 2.6: write attention with a mask.

    Parameters
    ----------
    function : callable or None
        Takes query (q_len, d_k), key (k_len, d_k), value (k_len, d_v) and mask
        (q_len, k_len), ``True`` where a query may attend to a key. Returns the output
        (q_len, d_v), with zeros for a query that may attend to nothing: a tensor, an
        array or nested lists. A batch dimension of size 1 in front is accepted, and so
        is a tuple (output, weights).

    Returns
    -------
    Feedback
        The status, and a message that names the mistake where it is recognised.

    Examples
    --------
    >>> def my_masked_attention(query, key, value, mask):
    ...     return scaled_dot_product_attention(query, key, value)
    >>> print(check_masked_attention(my_masked_attention).message[:22])
    The mask was not used.
    """
    return _MASKED_ATTENTION.judge(function)
