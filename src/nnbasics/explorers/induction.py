"""An explorer of a model that goes on with what it has read before."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

import torch
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.experiments.induction import NUM_HEADS, NUM_TOKENS, InductionModel
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_in_steps

__all__ = ["InductionExplorer"]

LONGEST = 24  # of a sequence that can be read as a map
LETTERS = ascii_lowercase[:NUM_TOKENS]


class InductionExplorer(Explorer):
    """Edit what a model reads, switch heads off, and see what it says comes next.

    The model is computed anew in the page. The tokens are shown as letters from a to x.
    To keep the page small, the numbers of the model are rounded to 16 bits, which can
    move a weight or a share in its third digit; the weights at earlier moments of the
    training are rounded to two digits.

    Parameters
    ----------
    model : InductionModel
        A trained model.
    tokens : Tensor of int, shape (length,)
        The sequence that is shown first, of at most 24 tokens.
    moments : sequence of (int, float, Tensor)
        Moments of the training, as :func:`nnbasics.experiments.train_induction` returns
        them for these tokens: the step, the share that was right, and the attention
        weights, shape (layers, heads, length, length). The last one is that of `model`
        as it is.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = InductionModel(1, generator=generator)
    >>> _ = torch.nn.init.zeros_(model.unembedding.weight)  # all tokens alike
    >>> InductionExplorer(model, torch.tensor([3]), moments=[])
    What comes next after each token, and where each head looks most
    position  token  next    layer 0, head 0  layer 0, head 1
    0         d      a 0.04  0 (d) 1.00       0 (d) 1.00
    [Induction explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "induction-explorer"

    def __init__(
        self,
        model: InductionModel,
        tokens: Tensor,
        moments: Sequence[tuple[int, float, Tensor]],
    ) -> None:
        check.require_instance("model", model, InductionModel)
        check.require_sequence("moments", moments, "(step, share, maps)")
        _require_tokens(tokens)
        self.model, self.tokens, self.moments = model, tokens.tolist(), list(moments)
        with torch.no_grad():
            logits, weights = model(tokens.unsqueeze(0))
        self.logits = logits[0]  # (length, vocabulary)
        self.weights = torch.cat(weights)  # (layers, heads, length, length)
        self._require_moments()

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        return {
            "tokens": self.tokens,
            "letters": LETTERS,
            "longest": LONGEST,
            "layers": len(self.model.layers),
            "heads": NUM_HEADS,
            "moments": [
                {
                    "step": step,
                    "share": round(share, 3),
                    "weights": pack_in_steps(maps, bytes_each=1, step=0.01),
                }
                for step, share, maps in self.moments
            ],
            "model": {
                name: pack_in_steps(numbers, bytes_each=2)
                for name, numbers in self.model.state_dict().items()
            },
        }

    def table(self) -> Table:
        """Return what comes next, and where each head looks most."""
        shares, best = self.logits.softmax(dim=-1).max(dim=-1)  # (length,)
        most, where = self.weights.flatten(0, 1).max(dim=-1)  # (heads of all, length)
        pairs = [
            (layer, head)
            for layer in range(len(self.model.layers))
            for head in range(NUM_HEADS)
        ]
        return Table(
            caption="What comes next after each token, and where each head looks most",
            head=[
                *("position", "token", "next"),
                *(f"layer {layer}, head {head}" for layer, head in pairs),
            ],
            rows=[
                [
                    str(place),
                    LETTERS[token],
                    f"{LETTERS[int(best[place])]} {shares[place]:.2f}",
                    *(
                        f"{at} ({LETTERS[self.tokens[at]]}) {weight:.2f}"
                        for at, weight in zip(
                            where[:, place].tolist(), most[:, place], strict=True
                        )
                    ),
                ]
                for place, token in enumerate(self.tokens)
            ],
        )

    def _require_moments(self) -> None:
        shape, form = tuple(self.weights.shape), "(layers, heads, length, length)"
        for _, share, maps in self.moments:
            check.require_share("a share in moments", share)
            check.require_shape("the weights in moments", maps, shape, form)
            check.require_weights("the weights in moments", maps)
        if self.moments and not torch.allclose(maps, self.weights, rtol=0, atol=0.01):
            raise ValueError(
                "moments must end with the model as it is, got other attention weights"
            )


def _require_tokens(tokens: Tensor) -> None:
    check.require_rank("tokens", tokens, 1, "(length,)")
    if tokens.dim() > 1 or not 1 <= len(tokens) <= LONGEST:
        raise ValueError(
            f"tokens must be one sequence of 1 to {LONGEST}, got {tuple(tokens.shape)}"
        )
    if tokens.min() < 0 or tokens.max() >= NUM_TOKENS:
        raise ValueError(
            f"tokens must be numbers from 0 to {NUM_TOKENS - 1}, got {tokens.tolist()}"
        )
