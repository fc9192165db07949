"""Multi-head attention: splitting into heads, attending with each, merging them.

The letters in the shape comments: ``batch`` sequences, ``length`` positions (``q_len``
and ``k_len`` where queries and keys differ), ``d_model`` numbers a position,
``num_heads`` heads of ``d_head = d_model / num_heads`` numbers each.
"""

from __future__ import annotations

from torch import Tensor, nn

from nnbasics import _attention_checks as check
from nnbasics.attention import scaled_dot_product_attention

__all__ = ["MultiHeadAttention", "merge_heads", "split_heads"]


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
    check.require_heads_to_cut(x, num_heads)
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
    check.require_heads_to_merge(x)
    return x.transpose(-3, -2).flatten(-2)  # (..., length, num_heads * d_head)


class MultiHeadAttention(nn.Module):
    """Attend with several heads at once, each with its own projections.

    Queries, keys and values are projected, cut into heads, attended with head by
    head, concatenated, and projected once more. The number of parameters,
    ``4 * (d_model ** 2 + d_model)``, does not depend on the number of heads.

    Parameters
    ----------
    d_model : int
        The size of a position's vector.
    num_heads : int
        The number of heads; it must divide `d_model`.

    Attributes
    ----------
    q_proj, k_proj, v_proj, out_proj : torch.nn.Linear
        The projections, each from d_model to d_model, with bias.

    Raises
    ------
    TypeError
        If `d_model` or `num_heads` is not an int.
    ValueError
        If one of them is less than 1, or `num_heads` does not divide `d_model`.

    References
    ----------
    Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.

    Examples
    --------
    >>> import torch
    >>> attention = MultiHeadAttention(d_model=64, num_heads=8)
    >>> x = torch.randn(1, 6, 64)
    >>> output, weights = attention(x)
    >>> output.shape, weights.shape
    (torch.Size([1, 6, 64]), torch.Size([1, 8, 6, 6]))
    """

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        check.require_heads(d_model, num_heads)
        self.d_model = d_model
        self.num_heads = num_heads
        self.q_proj = nn.Linear(d_model, d_model)
        self.k_proj = nn.Linear(d_model, d_model)
        self.v_proj = nn.Linear(d_model, d_model)
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(
        self,
        query: Tensor,
        key: Tensor | None = None,
        value: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Attend from `query` to `key` and mix `value`.

        Parameters
        ----------
        query : Tensor, shape (batch, q_len, d_model)
            The positions that attend.
        key : Tensor, shape (batch, k_len, d_model), optional
            The positions that are attended to; `query` if not given
            (self-attention).
        value : Tensor, shape (batch, k_len, d_model), optional
            What is handed over; `key` if not given.
        mask : Tensor of bool, optional
            ``True`` where a query may attend to a key; shape (q_len, k_len),
            (batch, q_len, k_len) or (batch, num_heads or 1, q_len, k_len), where
            any size may also be 1.

        Returns
        -------
        output : Tensor, shape (batch, q_len, d_model)
            The projected mixture of all heads.
        weights : Tensor, shape (batch, num_heads, q_len, k_len)
            The attention weights of every head, as used.

        Raises
        ------
        TypeError
            If an argument is not a tensor, dtypes differ, or `mask` is not boolean.
        ValueError
            If the shapes do not fit together, or the devices differ.
        """
        key = query if key is None else key
        value = key if value is None else value
        check.require_layer_inputs(query, key, value, mask, self.q_proj)
        if mask is not None and mask.dim() == 3:
            mask = mask.unsqueeze(1)  # (batch, 1, q_len, k_len): for every head
        heads, weights = scaled_dot_product_attention(
            split_heads(self.q_proj(query), self.num_heads),
            split_heads(self.k_proj(key), self.num_heads),
            split_heads(self.v_proj(value), self.num_heads),
            mask,
        )  # (batch, num_heads, q_len, d_head), (batch, num_heads, q_len, k_len)
        return self.out_proj(merge_heads(heads)), weights  # (batch, q_len, d_model)
