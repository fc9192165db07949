"""Positions: vectors to add to words, and rotations of queries and keys.

The letters in the shape comments: ``length`` positions, ``d_model`` numbers a position,
``d_head`` numbers a query or a key; two neighbours make one of ``pairs`` pairs.
"""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics import _attention_checks as check

__all__ = ["rotate", "sinusoidal_positions"]


def sinusoidal_positions(length: int, d_model: int, base: float = 10000.0) -> Tensor:
    r"""Give each position a vector of sines and cosines.

    Columns :math:`2i` and :math:`2i + 1` are a pair, the hand of a clock that turns by
    :math:`\theta_i` radians a position:

    .. math::

        P_{m,\,2i} = \sin(m \theta_i), \quad P_{m,\,2i+1} = \cos(m \theta_i), \quad
        \theta_i = \text{base}^{-2i / d_{model}}

    So the dot product of two rows depends on their distance alone: it is
    :math:`\sum_i \cos((m - n)\, \theta_i)`.

    Parameters
    ----------
    length : int
        The number of positions, at least 1.
    d_model : int
        The size of a vector, an even number.
    base : float
        The larger, the slower the last pairs turn.

    Returns
    -------
    Tensor, shape (length, d_model), float32
        A row for each position, from 0.

    Raises
    ------
    TypeError
        If `length` or `d_model` is not an int, or `base` is not a number.
    ValueError
        If `length` or `d_model` is less than 1, `d_model` is odd, or `base` is not
        more than 0 and finite.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.5.

    Examples
    --------
    The first pair turns by 1 a position, the second by 0.01.

    >>> sinusoidal_positions(length=3, d_model=4)
    tensor([[ 0.0000,  1.0000,  0.0000,  1.0000],
            [ 0.8415,  0.5403,  0.0100,  0.9999],
            [ 0.9093, -0.4161,  0.0200,  0.9998]])
    """
    check.require_positions(length, d_model, base)
    angles = _angles(torch.arange(length), d_model, base)  # (length, pairs)
    pairs = torch.stack([angles.sin(), angles.cos()], dim=-1)  # (length, pairs, 2)
    return pairs.flatten(-2).float()  # (length, d_model)


def rotate(x: Tensor, offset: int = 0, base: float = 10000.0) -> Tensor:
    r"""Turn each pair of numbers by an angle that grows with the position (RoPE).

    Neighbours make a pair: columns :math:`2i` and :math:`2i + 1`. At position
    :math:`m`, the row's own number plus `offset`, the pair is turned by
    :math:`a = m\, \text{base}^{-2i / d_{head}}` radians:

    .. math::

        (x_{2i},\; x_{2i+1}) \to
        (x_{2i} \cos a - x_{2i+1} \sin a,\; x_{2i} \sin a + x_{2i+1} \cos a)

    The dot product of a rotated query and a rotated key depends on them and on how far
    the one stands before or behind the other, and not on where the two stand.

    Parameters
    ----------
    x : Tensor, shape (..., length, d_head), floating point
        Queries or keys, a row for each position. d_head is even.
    offset : int
        The position of the first row.
    base : float
        The larger, the slower the last pairs turn.

    Returns
    -------
    Tensor, shape (..., length, d_head), the dtype of `x`
        The rotated rows, as long as before.

    Raises
    ------
    TypeError
        If `x` is not a floating-point tensor, `offset` is not an int, or `base` is not
        a number.
    ValueError
        If `x` has fewer than two dimensions, d_head is 0 or odd, or `base` is not more
        than 0 and finite.

    Notes
    -----
    Other code makes pairs of the first half and the second half of the columns: column
    :math:`i` and column :math:`i + d_{head} / 2`. It is the same model with its columns
    in another order. Angles are computed in float64, whatever the dtype of `x`.

    References
    ----------
    Su et al. (2021), "RoFormer: Enhanced Transformer with Rotary Position Embedding",
    section 3.2.2.

    Examples
    --------
    The same two numbers at the positions 0, 1 and 2: 1 radian is 57 degrees.

    >>> rotate(torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]))
    tensor([[ 1.0000,  0.0000],
            [ 0.5403,  0.8415],
            [-0.4161,  0.9093]])
    """
    check.require_rotation(x, offset, base)
    positions = torch.arange(x.size(-2), device=x.device) + offset  # (length,)
    angles = _angles(positions, x.size(-1), base)  # (length, pairs)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    first, second = x[..., 0::2], x[..., 1::2]  # each (..., length, pairs)
    turned = [first * cos - second * sin, first * sin + second * cos]
    return torch.stack(turned, dim=-1).flatten(-2)  # (..., length, d_head)


def _angles(positions: Tensor, size: int, base: float) -> Tensor:
    """Say by how much each pair is turned at each position, in float64."""
    number = torch.arange(0, size, 2, device=positions.device)  # (pairs,): 2i
    return positions.double()[:, None] * base ** (-number.double() / size)
