"""The parts of a Transformer block: so far the feed-forward network.

The letters in the shape comments: ``d_model`` numbers a position, ``d_hidden`` hidden
units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nnbasics import _checks as check

__all__ = ["FeedForward"]


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
