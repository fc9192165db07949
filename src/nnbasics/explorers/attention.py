"""An explorer of scaled dot-product attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.attention import attention_weights
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_exactly

__all__ = ["AttentionExplorer"]

MAX_TOKENS = 64


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

    def __init__(
        self, tokens: Sequence[str], query: Tensor, key: Tensor, value: Tensor
    ) -> None:
        self.tokens = _require_tokens(tokens)
        check.require_floating(query=query, key=key, value=value)
        for name, matrix in (("query", query), ("key", key), ("value", value)):
            check.require_rank(name, matrix, 2, "(length, size)")
            if not matrix.isfinite().all():
                raise ValueError(
                    f"{name} must hold finite numbers, got NaN or infinity"
                )
        length, d_k, d_v = len(tokens), query.shape[-1:], value.shape[-1:]
        check.require_shape("query", query, (length, *d_k), "(length, d_k)")
        check.require_shape("key", key, (length, *d_k), "(length, d_k)")
        check.require_shape("value", value, (length, *d_v), "(length, d_v)")
        self.query, self.key, self.value = (
            matrix.detach().float() for matrix in (query, key, value)
        )
        self.weights = attention_weights(self.query, self.key)  # (length, length)

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        return {
            "tokens": self.tokens,
            "d": self.query.size(1),
            "dv": self.value.size(1),
            "query": pack_exactly(self.query),
            "key": pack_exactly(self.key),
            "value": pack_exactly(self.value),
        }

    def table(self) -> Table:
        """Return the attention weights, without a mask."""
        return Table(
            caption="Attention weights from each query (row) to each key (column)",
            head=["query", *self.tokens],
            rows=[
                [token, *(f"{weight:.2f}" for weight in row)]
                for token, row in zip(self.tokens, self.weights.tolist(), strict=True)
            ],
        )


def _require_tokens(tokens: Sequence[str]) -> list[str]:
    check.require_sequence("tokens", tokens, "str")
    if not 1 <= len(tokens) <= MAX_TOKENS:
        raise ValueError(
            f"tokens must be from 1 to {MAX_TOKENS}, got {len(tokens)}; choose a part "
            "of the sentence"
        )
    for token in tokens:
        check.require_instance("a token", token, str)
    return list(tokens)
