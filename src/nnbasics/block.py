"""The block of a Transformer, and the feed-forward network that is a part of it.

The letters in the shape comments: ``batch`` sequences, ``length`` positions,
``d_model`` numbers a position, ``d_hidden`` hidden units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.multihead import MultiHeadAttention

__all__ = ["FeedForward", "TransformerBlock"]


class FeedForward(nn.Module):
    r"""Compute with the vector of each position by itself: two layers, ReLU between.

    .. math::

        \text{FFN}(x) = \max(0,\; x W_1^\top + b_1)\, W_2^\top + b_2

    The same numbers are used at every position, and no position sees another. The
    layers have the names that :class:`torch.nn.TransformerEncoderLayer` gives them, so
    that their parameters can be copied from one to the other.

    Parameters
    ----------
    d_model : int
        The size of a position's vector.
    d_hidden : int
        The number of hidden units; four times `d_model` is usual.

    Attributes
    ----------
    linear1, linear2 : torch.nn.Linear
        The two layers, from d_model to d_hidden and back, with biases.

    Raises
    ------
    TypeError
        If a size is not an int.
    ValueError
        If a size is less than 1.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.3.

    Examples
    --------
    >>> feed_forward = FeedForward(d_model=64, d_hidden=256)
    >>> feed_forward(torch.randn(1, 6, 64)).shape
    torch.Size([1, 6, 64])
    >>> sum(parameter.numel() for parameter in feed_forward.parameters())
    33088
    """

    def __init__(self, d_model: int, d_hidden: int) -> None:
        super().__init__()
        check.require_sizes(d_model=d_model, d_hidden=d_hidden)
        self.linear1 = nn.Linear(d_model, d_hidden)
        self.linear2 = nn.Linear(d_hidden, d_model)

    def forward(self, x: Tensor) -> Tensor:
        """Compute each position's output from that position alone.

        Parameters
        ----------
        x : Tensor, shape (..., d_model)
            Vectors, of as many positions and sequences as there are.

        Returns
        -------
        Tensor, shape (..., d_model)
            A vector for each vector of `x`.

        Raises
        ------
        TypeError
            If `x` is not a tensor of floating-point numbers of the layers' dtype.
        ValueError
            If the last dimension of `x` is not d_model, or the devices differ.
        """
        check.require_network_input(x, self.linear1, "(..., d_model)")
        hidden = torch.relu(self.linear1(x))  # (..., d_hidden)
        output: Tensor = self.linear2(hidden)  # (..., d_model)
        return output


class TransformerBlock(nn.Module):
    r"""Attend, then compute, and add what each of the two gives to what came in.

    With the norm before each part, or after each sum:

    .. math::

        \begin{aligned}
        \text{before:}\quad & y = x + \text{attention}(\text{norm}_1(x)), \quad
        z = y + \text{FFN}(\text{norm}_2(y)) \\
        \text{after:}\quad & y = \text{norm}_1(x + \text{attention}(x)), \quad
        z = \text{norm}_2(y + \text{FFN}(y))
        \end{aligned}

    There is no dropout. With four times `d_model` hidden units a block has
    ``12 * d_model ** 2 + 13 * d_model`` parameters.

    Parameters
    ----------
    d_model : int
        The size of a position's vector.
    num_heads : int
        The number of heads; it must divide `d_model`.
    d_hidden : int, optional
        The number of hidden units of the feed-forward network; four times `d_model` if
        not given.
    norm_first : bool
        Whether the norm stands before each part, as in most models of today, or after
        each sum, as in the first Transformer.

    Attributes
    ----------
    attention : MultiHeadAttention
        What carries numbers from position to position.
    feed_forward : FeedForward
        What computes at each position.
    norm1, norm2 : torch.nn.LayerNorm
        The norms of the two.

    Raises
    ------
    TypeError
        If a size is not an int, or `norm_first` not a bool.
    ValueError
        If a size is less than 1, or `num_heads` does not divide `d_model`.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.1, has the norm after;
    Xiong et al. (2020), "On Layer Normalization in the Transformer Architecture",
    compares the two.

    Examples
    --------
    >>> from nnbasics import causal_mask
    >>> block = TransformerBlock(d_model=64, num_heads=8)
    >>> output, weights = block(torch.randn(1, 6, 64), mask=causal_mask(6))
    >>> output.shape, weights.shape
    (torch.Size([1, 6, 64]), torch.Size([1, 8, 6, 6]))
    """

    def __init__(
        self,
        d_model: int,
        num_heads: int,
        d_hidden: int | None = None,
        norm_first: bool = True,
    ) -> None:
        super().__init__()
        check.require_instance("norm_first", norm_first, bool)
        self.norm_first = norm_first
        self.attention = MultiHeadAttention(d_model, num_heads)
        self.feed_forward = FeedForward(
            d_model, 4 * d_model if d_hidden is None else d_hidden
        )
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Attend and compute.

        Parameters
        ----------
        x : Tensor, shape (batch, length, d_model)
            Vectors of positions.
        mask : Tensor of bool, optional
            ``True`` where a position may attend to another; shape (length, length),
            (batch, length, length) or (batch, num_heads or 1, length, length), where
            any size may also be 1.

        Returns
        -------
        output : Tensor, shape (batch, length, d_model)
            A vector for each vector of `x`.
        weights : Tensor, shape (batch, num_heads, length, length)
            The attention weights of every head, as used.

        Raises
        ------
        TypeError
            If `x` is not a tensor of floating-point numbers of the parameters' dtype,
            or `mask` is not boolean.
        ValueError
            If the shapes do not fit together, or the devices differ.
        """
        check.require_sequences(x, self.attention.q_proj)
        if self.norm_first:
            attended, weights = self.attention(self.norm1(x), mask=mask)
            x = x + attended  # (batch, length, d_model), as all below
            return x + self.feed_forward(self.norm2(x)), weights
        attended, weights = self.attention(x, mask=mask)
        x = self.norm1(x + attended)
        return self.norm2(x + self.feed_forward(x)), weights
