"""Cutting a vector into heads, and putting the heads together again."""

from __future__ import annotations

from torch import Tensor

from nnbasics import _validation as check

__all__ = ["merge_heads", "split_heads"]


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    """Cut the last dimension into heads and move the heads in front of the positions.

    Parameters
    ----------
    x : Tensor, shape (..., length, d_model)
        Projected queries, keys or values.
    num_heads : int
        The number of heads; it must divide d_model.

    Returns
    -------
    Tensor, shape (..., num_heads, length, d_model / num_heads)
        Head *h* holds the columns ``h * d_head`` to ``(h + 1) * d_head - 1`` of `x`.

    Raises
    ------
    TypeError
        If `x` is not a tensor or `num_heads` is not an int.
    ValueError
        If `x` has fewer than two dimensions or `num_heads` does not divide d_model.

    See Also
    --------
    merge_heads : The way back.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.

    Examples
    --------
    Two positions of four numbers; two heads of two numbers.

    >>> import torch
    >>> x = torch.arange(8).reshape(2, 4)
    >>> x
    tensor([[0, 1, 2, 3],
            [4, 5, 6, 7]])
    >>> split_heads(x, num_heads=2)
    tensor([[[0, 1],
             [4, 5]],
    <BLANKLINE>
            [[2, 3],
             [6, 7]]])
    """
    check.require_tensor("x", x)
    check.require_rank("x", x, 2, "(..., length, d_model)")
    check.require_divisor("num_heads", num_heads, "d_model", x.size(-1))
    x = x.unflatten(-1, (num_heads, -1))  # (..., length, num_heads, d_head)
    return x.transpose(-3, -2)  # (..., num_heads, length, d_head)


def merge_heads(x: Tensor) -> Tensor:
    """Put the heads of each position side by side again: concatenate them.

    Parameters
    ----------
    x : Tensor, shape (..., num_heads, length, d_head)
        The outputs of the heads.

    Returns
    -------
    Tensor, shape (..., length, num_heads * d_head)
        ``merge_heads(split_heads(x, num_heads))`` is `x` again.

    Raises
    ------
    TypeError
        If `x` is not a tensor.
    ValueError
        If `x` has fewer than three dimensions.

    See Also
    --------
    split_heads : The way there.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.

    Examples
    --------
    >>> import torch
    >>> heads = torch.tensor([[[0, 1], [4, 5]], [[2, 3], [6, 7]]])
    >>> merge_heads(heads)
    tensor([[0, 1, 2, 3],
            [4, 5, 6, 7]])
    """
    check.require_tensor("x", x)
    check.require_rank("x", x, 3, "(..., num_heads, length, d_head)")
    return x.transpose(-3, -2).flatten(-2)  # (..., length, num_heads * d_head)
