"""Exercises 3.3 and 3.4, answered with functions: splitting heads, and the heads."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from nnbasics.attention import scaled_dot_product_attention
from nnbasics.exercises.function_questions import PRODUCT_HINTS, FunctionQuestion, draw
from nnbasics.exercises.questions import Feedback
from nnbasics.multihead import merge_heads, split_heads

Cut = Callable[[Tensor, int], Tensor]

_EVERY_NTH_COLUMN = (
    "Your head takes every num_heads-th column. A head takes columns that stand side "
    "by side."
)


def _view(x: Tensor, num_heads: int) -> Tensor:
    return x.reshape(*x.shape[:-2], num_heads, x.size(-2), -1)


def _take_every_nth(x: Tensor, num_heads: int) -> Tensor:
    return torch.stack([x[..., h::num_heads] for h in range(num_heads)], dim=-3)


_SPLIT_HEADS = FunctionQuestion(
    exercise="3.3",
    cases=[(*draw((2, 5, 21)), 3), (*draw((3, 7, 22)), 11)],
    solution=split_heads,
    why="Each head holds its own columns of every position.",
    look=(
        "Head 0 of position 0 holds the first d_head numbers of that position's "
        "vector, head 1 the next d_head numbers."
    ),
    mistakes={
        "The shape is right, the content is not: view and reshape never move a number, "
        "they only cut the row of all numbers differently. So your head 0 holds whole "
        "vectors of the first positions. Cut the last dimension first, then move the "
        "heads.": [_view],
        "The heads are cut, but stand behind the positions. The heads come first: is a "
        "transpose missing?": [lambda x, n: split_heads(x, n).transpose(1, 2)],
        "The heads are cut, but the order is not batch, heads, positions, d_head.": [
            lambda x, n: split_heads(x, n).transpose(0, 1),
            lambda x, n: split_heads(x, n).mT,
        ],
        _EVERY_NTH_COLUMN: [_take_every_nth],
        "num_heads and d_head have changed places.": [
            lambda x, n: split_heads(x, x.size(-1) // n)
        ],
        "Every head got whole vectors. The heads share the numbers out.": [
            lambda x, n: x.unsqueeze(1).expand(-1, n, -1, -1)
        ],
    },
    error_hints={
        "view and reshape keep all numbers: the product of the new sizes must be the "
        "product of the old ones.": "is invalid for input of size",
        "view does not work behind a transpose: use reshape, or cut before you "
        "transpose.": "view size is not compatible",
    },
)


def _heads(q: Tensor, k: Tensor, v: Tensor, n: int, cut: Cut = split_heads) -> Tensor:
    """Return the outputs of the n heads, (n, q_len, d_head)."""
    return scaled_dot_product_attention(*(cut(x, n) for x in (q, k, v)))[0]


def _multi_head(query: Tensor, key: Tensor, value: Tensor, num_heads: int) -> Tensor:
    return merge_heads(_heads(query, key, value, num_heads))  # (q_len, d_model)


def _over_queries(q: Tensor, k: Tensor, v: Tensor, num_heads: int) -> Tensor:
    query, key, value = (split_heads(x, num_heads) for x in (q, k, v))
    scores = query @ key.mT / math.sqrt(query.size(-1))
    return merge_heads(scores.softmax(dim=-2) @ value)


_MULTI_HEAD_ATTENTION = FunctionQuestion(
    exercise="3.4",
    cases=[
        (*draw((5, 33), (7, 33), (7, 33)), 3),
        (*draw((7, 26), (3, 26), (3, 26)), 2),
    ],
    solution=_multi_head,
    why="Each head attends with its own columns, and the outputs stand side by side.",
    look=(
        "Take one head after the other: its columns of query, key and value, attention "
        "with these, and its output in the same columns of the result."
    ),
    mistakes={
        "The heads were not split where it counts: every head used the scores of the "
        "whole vectors. A head's scores come from its own columns of query and key.": [
            lambda q, k, v, _: scaled_dot_product_attention(q, k, v)[0]
        ],
        "The scores were not divided by the square root of d_head, the size of a "
        "head's query.": [
            lambda q, k, v, n: _multi_head(q / math.sqrt(n), k, v, n),
            lambda q, k, v, n: _multi_head(q * math.sqrt(q.size(-1) / n), k, v, n),
            lambda q, k, v, n: _multi_head(q / math.sqrt(q.size(-1) / n), k, v, n),
        ],
        "The softmax ran over the queries. Each query shares its weights out over the "
        "keys.": [_over_queries],
        "The heads were split with view or reshape alone, which mixes positions and "
        "columns. A head takes some columns of every position.": [
            lambda q, k, v, n: merge_heads(_heads(q, k, v, n, _view)),
            lambda q, k, v, n: _heads(q, k, v, n, _view).reshape(q.shape),
        ],
        "The heads are right, but they were put together with view or reshape alone. "
        "The outputs of one position belong side by side, in one row.": [
            lambda q, k, v, n: _heads(q, k, v, n).reshape(q.shape)
        ],
        "The heads were added up or averaged. Concatenate them: side by side.": [
            lambda *case: _heads(*case).mean(dim=0),
            lambda *case: _heads(*case).sum(dim=0),
        ],
        "The heads are right. Now concatenate them: side by side, in one row for each "
        "position.": [_heads],
        "The heads were put below one another. They belong side by side: look at the "
        "dimension of the concatenation.": [lambda *case: _heads(*case).flatten(0, 1)],
        _EVERY_NTH_COLUMN: [
            lambda q, k, v, n: merge_heads(_heads(q, k, v, n, _take_every_nth))
        ],
    },
    error_hints=PRODUCT_HINTS,
)


def check_split_heads(function: object) -> Feedback:
    """Exercise 3.3: write split_heads.

    Parameters
    ----------
    function : callable or None
        Takes `x`, a tensor of shape (batch, length, d_model), and `num_heads`. Returns
        the heads, of shape (batch, num_heads, length, d_head): a tensor, an array or
        nested lists.

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


def check_multi_head_attention(function: object) -> Feedback:
    """Exercise 3.4: write multi-head attention with a loop over the heads.

    Parameters
    ----------
    function : callable or None
        Takes query (q_len, d_model), key and value (k_len, d_model), which are
        projected already, and `num_heads`. Returns the concatenated outputs of the
        heads, (q_len, d_model), before the output projection: a tensor, an array or
        nested lists. A batch dimension of size 1 in front is accepted.

    Examples
    --------
    >>> def my_multi_head_attention(query, key, value, num_heads):
    ...     return scaled_dot_product_attention(query, key, value)[0]
    >>> print(check_multi_head_attention(my_multi_head_attention).message[:47])
    The heads were not split where it counts: every
    """
    return _MULTI_HEAD_ATTENTION.judge(function)
