"""Exercises 2.3 to 2.6, answered with functions: softmax, causal mask, attention."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from nnbasics.attention import (
    attention_weights,
    causal_mask,
    scaled_dot_product_attention,
)
from nnbasics.exercises.function_questions import PRODUCT_HINTS, FunctionQuestion, draw
from nnbasics.exercises.questions import Feedback


def _naive_softmax(scores: Tensor) -> Tensor:
    return scores.exp() / scores.exp().sum(dim=-1, keepdim=True)


_SMALL_SCORES, _WIDER_SCORES = draw((3, 5), (7, 2))
# Rows near 1000, 0 and -1000: e^1000 is too large for a float, e^-1000 too small.
_FAR_APART = _SMALL_SCORES + torch.tensor([[1000.0], [0.0], [-1000.0]])

_SOFTMAX = FunctionQuestion(
    exercise="2.3",
    cases=[(_SMALL_SCORES,), (_WIDER_SCORES,), (_FAR_APART,)],
    solution=lambda scores: scores.softmax(dim=-1),
    why="Every row is positive and sums to 1, with scores near 1000 and -1000 too.",
    look="In each row: e to the power of each score, divided by the sum of the row.",
    mistakes={
        "The columns sum to 1. It is the rows that have to: look at the dimension of "
        "the sum.": [lambda s: s.softmax(dim=0)],
        "All the numbers together sum to 1. Each row has to: look at the dimension of "
        "the sum.": [lambda s: s.flatten().softmax(dim=0).reshape(s.shape)],
        "The exponential is missing: the scores themselves were divided.": [
            lambda s: s / s.sum(dim=-1, keepdim=True)
        ],
        "The division by the sum of the row is missing.": [torch.exp],
        "Right for small scores. e^1000 is too large for a float, and inf / inf is "
        "nan. Step 4 shows what you may add to all scores of a row: which number makes "
        "the largest score 0?": [_naive_softmax],
        "Right while the rows are alike. You have subtracted the largest score of the "
        "whole table: a row far below it becomes 0 / 0. Each row has a largest score "
        "of its own.": [lambda s: _naive_softmax(s - s.max())],
    },
    error_hints={
        "Look at the sum of a row: with keepdim=True it keeps its dimension, so that "
        "each row is divided by its own sum.": "must match the size"
    },
)

_INVERTED = "The mask is inverted: True means may attend here."

_CAUSAL_MASK = FunctionQuestion(
    exercise="2.4",
    cases=[(5,), (7,), (2,), (1,)],
    solution=causal_mask,
    why="Row i is True from column 0 to column i: itself and what came before.",
    look="Row i is a query, column j a key. Which j are not later than i?",
    mistakes={
        _INVERTED: [lambda length: ~causal_mask(length)],
        "The mask is transposed: each position sees itself and what comes later. Rows "
        "are queries.": [lambda length: causal_mask(length).T],
        "The diagonal is missing: a position may attend to itself, or the first would "
        "have nothing to attend to.": [lambda length: causal_mask(length).tril(-1)],
        "Each position sees itself alone. It may see what came before, too.": [
            lambda length: torch.eye(length, dtype=torch.bool)
        ],
        "Every position sees every other. What comes later must be False.": [
            lambda length: torch.ones(length, length, dtype=torch.bool)
        ],
        "Those are numbers to be added to the scores. A mask holds True and False.": [
            lambda length: torch.full((length, length), -torch.inf).triu(1)
        ],
    },
)

_DIVIDED_BY_D_K = "The scores were divided by d_k. The formula has a square root there."


def _scores(query: Tensor, key: Tensor) -> Tensor:
    return query @ key.T / math.sqrt(query.size(1))  # (q_len, k_len)


def _attend(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> Tensor:
    return scaled_dot_product_attention(query, key, value, mask)[0]


def _not_scaled(query: Tensor, *others: Tensor) -> Tensor:
    return _attend(query * math.sqrt(query.size(1)), *others)


def _divided_by_d_k(query: Tensor, *others: Tensor) -> Tensor:
    return _attend(query / math.sqrt(query.size(1)), *others)


_ATTENTION = FunctionQuestion(
    exercise="2.5",
    cases=[draw((5, 7), (3, 7), (3, 11)), draw((2, 13), (11, 13), (11, 3))],
    solution=_attend,
    why="It agrees with the package on tables of several sizes.",
    look=(
        "Compare your steps with the lesson's, one at a time: the scores, the scaling, "
        "the softmax of each row, the weighted sum of the values."
    ),
    mistakes={
        _DIVIDED_BY_D_K: [_divided_by_d_k],
        "The scores were not scaled: something with d_k is missing before the "
        "softmax.": [_not_scaled],
        "The scores were multiplied by the square root of d_k: it goes below the line "
        "of the fraction.": [lambda q, k, v: _attend(q * q.size(-1), k, v)],
        "The scores were divided by the square root of another size. d_k is the number "
        "of columns of the query, its last size.": [
            lambda q, k, v: _not_scaled(q, k / math.sqrt(k.size(0)), v),
            lambda q, k, v: _not_scaled(q, k / math.sqrt(q.size(0)), v),
            lambda q, k, v: _not_scaled(q, k / math.sqrt(v.size(-1)), v),
        ],
        "The softmax ran over the queries, down the columns. Each query shares its "
        "weights out over the keys, along a row.": [
            lambda q, k, v: _scores(q, k).softmax(dim=0) @ v
        ],
        "The softmax is missing: the scores themselves were used as weights.": [
            lambda q, k, v: _scores(q, k) @ v
        ],
        "The weights of a row do not sum to 1: the division of the softmax is "
        "missing.": [lambda q, k, v: _scores(q, k).exp() @ v],
        "Those are the weights. Now mix the values with them.": [
            lambda q, k, _: attention_weights(q, k)
        ],
    },
    error_hints=PRODUCT_HINTS,
)


def _fill(filling: float, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Attention with a softmax that does not care for rows of blocked scores."""
    return _scores(q, k).masked_fill(~mask, filling).softmax(dim=-1) @ v


_TABLES = draw((5, 3), (7, 3), (7, 11))
_ROWS = torch.arange(5)[:, None]
# Each row and each column has both, so that the inverted mask leaves no row empty.
_MASK = (_ROWS + torch.arange(7)) % 3 != 0

_MASKED_ATTENTION = FunctionQuestion(
    exercise="2.6",
    cases=[(*_TABLES, _MASK), (*_TABLES, _MASK & (_ROWS != 3))],
    solution=_attend,
    why="It agrees with the package, for a query that may attend to nothing too.",
    look=(
        "The mask changes the scores, before the softmax: what must a blocked score "
        "become so that its weight is 0?"
    ),
    mistakes={
        "The mask was not used.": [lambda q, k, v, _: _attend(q, k, v)],
        _INVERTED: [lambda q, k, v, mask: _attend(q, k, v, ~mask)],
        "The mask was applied after the softmax, so that the weights of a row no "
        "longer sum to 1. Block the scores before the softmax.": [
            lambda q, k, v, mask: attention_weights(q, k) * mask @ v
        ],
        "A blocked score became 0, and e^0 is 1, not 0. Which score has the weight "
        "0?": [lambda q, k, v, mask: (_scores(q, k) * mask).softmax(dim=-1) @ v],
        "True was added to the scores as a 1. A blocked score must become one whose "
        "weight is 0.": [
            lambda q, k, v, mask: (_scores(q, k) + mask).softmax(dim=-1) @ v
        ],
        "The scores were not scaled: something with d_k is missing.": [_not_scaled],
        _DIVIDED_BY_D_K: [_divided_by_d_k],
        "Right where a query may attend to something. Where it may attend to nothing, "
        "all that is left to share out is 0, and the softmax computes 0 / 0, which is "
        "nan: such a row needs care.": [lambda *case: _fill(-math.inf, *case)],
        "Right where a query may attend to something. A row of equal scores, however "
        "low, has equal weights: the query mixes all it must not see.": [
            lambda *case: _fill(-1e9, *case)
        ],
    },
    error_hints=PRODUCT_HINTS,
)


def check_softmax(function: object) -> Feedback:
    """Exercise 2.3: write the softmax along the last dimension.

    Parameters
    ----------
    function : callable or None
        Takes scores, a tensor of shape (q_len, k_len), and returns weights of the same
        shape: a tensor, an array or nested lists. It is called with scores near 1000
        and -1000 too.

    Examples
    --------
    >>> feedback = check_softmax(lambda scores: scores.softmax(dim=0))
    >>> print(feedback)
    Exercise 2.3: not yet. The columns sum to 1. It is the rows that have to:
    look at the dimension of the sum. At position [0, 0], counted from 0, the
    result should be 0.6118 and is 0.8541.
    """
    return _SOFTMAX.judge(function)


def check_causal_mask(function: object) -> Feedback:
    """Exercise 2.4: write the causal mask.

    Parameters
    ----------
    function : callable or None
        Takes a length, an int, and returns a mask of shape (length, length) that is
        ``True`` where a query may attend to a key: a tensor, an array or nested lists.

    Examples
    --------
    >>> feedback = check_causal_mask(lambda length: torch.ones(length, length).triu())
    >>> print(feedback)
    Exercise 2.4: not yet. The mask is transposed: each position sees itself and
    what comes later. Rows are queries. At position [0, 1], counted from 0, the
    result should be False and is 1.
    """
    return _CAUSAL_MASK.judge(function)


def check_attention(function: object) -> Feedback:
    """Exercise 2.5: write attention.

    Parameters
    ----------
    function : callable or None
        Takes query (q_len, d_k), key (k_len, d_k) and value (k_len, d_v), and returns
        the output (q_len, d_v): a tensor, an array or nested lists. A batch dimension
        of size 1 in front is accepted, and so is a tuple (output, weights).

    Examples
    --------
    >>> def my_attention(query, key, value):
    ...     return (query @ key.T).softmax(dim=-1) @ value
    >>> print(check_attention(my_attention))
    Exercise 2.5: not yet. The scores were not scaled: something with d_k is
    missing before the softmax. At position [0, 0], counted from 0, the result
    should be 0.5088 and is 0.589.
    """
    return _ATTENTION.judge(function)


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

    Examples
    --------
    >>> def my_masked_attention(query, key, value, mask):
    ...     return scaled_dot_product_attention(query, key, value)
    >>> print(check_masked_attention(my_masked_attention).message[:22])
    The mask was not used.
    """
    return _MASKED_ATTENTION.judge(function)
