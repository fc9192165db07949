"""Scaled dot-product attention, and masks: which query may attend to which key.

The letters in the shape comments: ``...`` any leading dimensions (often batch, or
batch and heads), ``q_len`` the number of queries, ``k_len`` the number of keys,
``d_k`` the size of a query and of a key, ``d_v`` the size of a value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from nnbasics import _attention_checks as check

__all__ = [
    "attention_weights",
    "causal_mask",
    "padding_mask",
    "scaled_dot_product_attention",
]


def attention_weights(query: Tensor, key: Tensor, mask: Tensor | None = None) -> Tensor:
    """Say how much each query attends to each key.

    The weights are ``softmax(query @ key.T / sqrt(d_k))``, with the softmax over the
    keys: every row is non-negative and sums to 1.

    Parameters
    ----------
    query : Tensor, shape (..., q_len, d_k), floating point
        One row a query.
    key : Tensor, shape (..., k_len, d_k), the dtype of `query`
        One row a key. The leading dimensions broadcast with those of `query`.
    mask : Tensor of bool, optional
        ``True`` where a query may attend to a key. Any shape that broadcasts to
        (..., q_len, k_len). Without a mask every query may attend to every key.

    Returns
    -------
    Tensor, shape (..., q_len, k_len), the dtype of `query`
        The weights. The row of a query that may attend to nothing is 0 everywhere.

    Raises
    ------
    TypeError
        If an argument is not a tensor, `query` or `key` is not floating point, their
        dtypes differ, or `mask` is not boolean.
    ValueError
        If the shapes do not fit together, or the devices differ.

    Notes
    -----
    NaN and infinity are not looked for: that would cost as much as the softmax. A NaN
    in a query, or in a key that it may attend to, makes the whole row of this query
    NaN, and so does a score too large for the dtype. What a blocked key holds does
    not matter.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.2.1, equation 1.

    Examples
    --------
    Two keys; the query points along the first.

    >>> query = torch.tensor([[2.0, 0.0]])
    >>> key = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> attention_weights(query, key)
    tensor([[0.8044, 0.1956]])

    With the first key masked, all weight goes to the second.

    >>> attention_weights(query, key, mask=torch.tensor([[False, True]]))
    tensor([[0., 1.]])
    """
    check.require_attention_inputs(query, key, mask)
    # The query is divided before the product, not the scores after it: the result is
    # the same, and in float16 the undivided scores can exceed the largest number.
    scaled_query = query / math.sqrt(query.size(-1))  # (..., q_len, d_k)
    scores = scaled_query @ key.transpose(-2, -1)  # (..., q_len, k_len)
    if mask is None:
        return scores.softmax(dim=-1)
    return _masked_softmax(scores, mask)


def _masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the keys that `mask` allows; 0 where it allows none."""
    attends_to_something = mask.any(dim=-1, keepdim=True)  # (..., q_len, 1)
    # A row of nothing but -inf would make the softmax and its gradient NaN. Such a
    # row keeps its scores here and is set to 0 afterwards, which also stops its
    # gradient.
    blocked = ~mask & attends_to_something
    weights = scores.masked_fill(blocked, -torch.inf).softmax(dim=-1)
    return weights.masked_fill(~attends_to_something, 0.0)  # (..., q_len, k_len)


def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Mix the values, each query in the proportions of its attention weights.

    Parameters
    ----------
    query : Tensor, shape (..., q_len, d_k), floating point
        What each position looks for.
    key : Tensor, shape (..., k_len, d_k), the dtype of `query`
        What each position offers to be found by.
    value : Tensor, shape (..., k_len, d_v), the dtype of `query`
        What each position hands over.
    mask : Tensor of bool, optional
        ``True`` where a query may attend to a key, as in
        :func:`torch.nn.functional.scaled_dot_product_attention`;
        :class:`torch.nn.MultiheadAttention` means the opposite. Any shape that
        broadcasts to (..., q_len, k_len).

    Returns
    -------
    output : Tensor, shape (..., q_len, d_v)
        The weighted sum of the values. It is 0 for a query that may attend to nothing.
    weights : Tensor, shape (..., q_len, k_len)
        The attention weights that were used, as :func:`attention_weights` gives them.

    Raises
    ------
    TypeError
        If an argument is not a tensor, `query`, `key` or `value` is not floating
        point, their dtypes differ, or `mask` is not boolean.
    ValueError
        If the shapes do not fit together, or the devices differ.

    Notes
    -----
    A NaN or an infinity in a value makes the output of every query NaN or infinite,
    where the mask blocks it too: 0 times either is NaN. Fill padded values with
    numbers, such as 0.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.2.1, equation 1.

    Examples
    --------
    >>> query = torch.tensor([[2.0, 0.0]])
    >>> key = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> value = torch.tensor([[10.0], [20.0]])
    >>> output, weights = scaled_dot_product_attention(query, key, value)
    >>> weights
    tensor([[0.8044, 0.1956]])
    >>> output  # 0.8044 * 10 + 0.1956 * 20
    tensor([[11.9557]])
    """
    weights = attention_weights(query, key, mask)  # (..., q_len, k_len)
    check.require_values(query, key, value)
    return weights @ value, weights  # (..., q_len, d_v), (..., q_len, k_len)


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
    check.require_length(length)
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
        If `lengths` is not a sequence or a tensor of integers.
    ValueError
        If `lengths` is empty, a length is negative, or `max_length` is less than the
        longest or less than 1.

    Examples
    --------
    Two sequences of 2 and 3 tokens, padded to 3.

    >>> padding_mask([2, 3])
    tensor([[[ True,  True, False]],
    <BLANKLINE>
            [[ True,  True,  True]]])
    """
    check.require_lengths(lengths, max_length)
    if not isinstance(lengths, Tensor):
        lengths = torch.tensor(lengths)  # (batch,)
    length = int(lengths.max()) if max_length is None else max_length
    positions = torch.arange(length, device=lengths.device)  # (length,)
    return positions < lengths[:, None, None]  # (batch, 1, length)
