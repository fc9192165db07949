"""An explorer of scaled dot-product attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from nnbasics._table import Table
from nnbasics.attention import attention_weights
from nnbasics.explorers import _checks as check
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_exactly

__all__ = ["AttentionExplorer"]


class AttentionExplorer(Explorer):
    """Follow the steps of attention for any token of a sentence.

    The figure computes scores, scaling, mask, softmax and the weighted sum for the
    token that the reader points at, and shows the numbers of each step. The division by
    √d_k, the mask and the temperature can be changed; several tokens can be added up,
    and the view can be reversed, to see who attends to a token.

    Parameters
    ----------
    tokens : sequence of str
        From 1 to 64 tokens. Any text is shown as it is.
    query, key : Tensor, shape (length, d_k)
        One row for each token.
    value : Tensor, shape (length, d_v)
        One row for each token.

    Raises
    ------
    TypeError
        If a matrix is not a tensor of floating-point numbers.
    ValueError
        If there is no token or more than 64, a number is not finite, or the shapes
        do not fit together.

    Examples
    --------
    >>> import torch
    >>> query = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    >>> AttentionExplorer(["the", "cat"], query, key=query, value=query)
    Attention weights from each query (row) to each key (column)
    query  the   cat
    the    0.67  0.33
    cat    0.06  0.94
    [Attention explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "attention-explorer"
    title = "Attention explorer"

    def __init__(
        self, tokens: Sequence[str], query: Tensor, key: Tensor, value: Tensor
    ) -> None:
        self.tokens = check.require_tokens(tokens)
        length = len(self.tokens)
        for name, matrix in (("query", query), ("key", key), ("value", value)):
            check.require_finite(name, matrix)
            check.require_shape(
                name, matrix, (length, "d_v" if name == "value" else "d_k")
            )
        check.require_shape("key", key, (length, query.size(-1)))
        self.query, self.key, self.value = (
            matrix.detach().float() for matrix in (query, key, value)
        )

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        return {
            "tokens": self.tokens,
            "d": self.query.size(-1),
            "dv": self.value.size(-1),
            "query": pack_exactly(self.query),
            "key": pack_exactly(self.key),
            "value": pack_exactly(self.value),
        }

    def table(self) -> Table:
        """Return the attention weights, without a mask."""
        with torch.no_grad():
            weights = attention_weights(self.query, self.key)  # (length, length)
        return Table(
            caption="Attention weights from each query (row) to each key (column)",
            head=["query", *self.tokens],
            rows=[
                [token, *(f"{weight:.2f}" for weight in row)]
                for token, row in zip(self.tokens, weights.tolist(), strict=True)
            ],
        )
