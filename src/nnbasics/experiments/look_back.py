"""Models that name an earlier token, each told about positions in another way.

The letters in the shape comments: ``batch`` sequences, ``length`` positions,
``d_model`` numbers a position, ``vocabulary`` different tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.attention import causal_mask, scaled_dot_product_attention
from nnbasics.experiments.relation_model import start_as_pytorch_does
from nnbasics.experiments.toy_language import NOT_ASKED
from nnbasics.positions import rotate, sinusoidal_positions

__all__ = ["SCHEMES", "LookBackModel", "accuracy_by_length", "train_look_back"]

SCHEMES: tuple[str, ...] = ("none", "learned", "sinusoidal", "rotary", "ALiBi")
"""The ways to tell a :class:`LookBackModel` where its tokens stand."""

NUM_TOKENS, D_MODEL = 16, 32
# Sequences of the training have these lengths; a model can read longer ones.
SHORTEST, LONGEST, MAX_LENGTH = 6, 16, 128
# By how much ALiBi lowers a score for each position that the key is further away.
SLOPE = 0.5
# An accuracy looks at so many positions at the end of so many sequences.
LAST, SEQUENCES = 4, 200


class LookBackModel(nn.Module):
    """Read tokens from left to right; say at each position which token stood where.

    Each layer is attention with one head and a causal mask, and its output is added to
    what came in.

    Parameters
    ----------
    scheme : {"none", "learned", "sinusoidal", "rotary", "ALiBi"}
        How it is told about positions: not at all; by a learned vector or a vector of
        sines and cosines, added to that of the token; by rotated queries and keys; by
        scores that fall with the distance.
    num_layers : int
        The number of layers.
    generator : torch.Generator
        Where the random start comes from.

    Attributes
    ----------
    tokens : torch.nn.Parameter
        The vectors of the 16 tokens.
    positions : Tensor or torch.nn.Parameter
        The vectors of 128 positions; 0 unless the scheme adds some. Training sees 16
        of them.
    layers : torch.nn.ModuleList
        For each layer one :class:`torch.nn.Linear` without biases, which gives queries,
        keys and values side by side.
    read_out : torch.nn.Linear
        From the last vectors to a score for each token.

    References
    ----------
    ALiBi: Press et al. (2022), "Train Short, Test Long: Attention with Linear Biases
    Enables Input Length Extrapolation".

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = LookBackModel("rotary", generator=generator)
    >>> model(torch.tensor([[3, 1, 4, 1, 5]])).shape
    torch.Size([1, 5, 16])
    """

    positions: Tensor

    def __init__(
        self, scheme: str, num_layers: int = 1, *, generator: torch.Generator
    ) -> None:
        super().__init__()
        check.require_generator("generator", generator)
        check.require_positive_int("num_layers", num_layers)
        if scheme not in SCHEMES:
            raise ValueError(f"scheme must be one of {SCHEMES}, got {scheme!r}")
        self.scheme = scheme
        with torch.random.fork_rng(devices=[]):  # torch's own numbers stay unused
            self.layers = nn.ModuleList(
                nn.Linear(D_MODEL, 3 * D_MODEL, bias=False) for _ in range(num_layers)
            )
            self.read_out = nn.Linear(D_MODEL, NUM_TOKENS)
        start_as_pytorch_does(self, generator)
        self.tokens = nn.Parameter(
            torch.randn(NUM_TOKENS, D_MODEL, generator=generator)
        )
        positions = torch.zeros(MAX_LENGTH, D_MODEL)  # (length, d_model)
        if scheme == "sinusoidal":
            positions = sinusoidal_positions(MAX_LENGTH, D_MODEL)
        if scheme == "learned":
            positions = torch.randn(MAX_LENGTH, D_MODEL, generator=generator)
        self.positions = nn.Parameter(positions, requires_grad=scheme == "learned")

    def forward(self, tokens: Tensor) -> Tensor:
        """Name a token at each position.

        Parameters
        ----------
        tokens : Tensor of int, shape (batch, length)
            Numbers from 0 to 15, at most 128 in a sequence.

        Returns
        -------
        Tensor, shape (batch, length, vocabulary)
            The logits.
        """
        check.require_tokens(tokens, MAX_LENGTH)
        length = tokens.size(1)
        x = self.tokens[tokens] + self.positions[:length]  # (batch, length, d_model)
        for layer in self.layers:
            query, key, value = layer(x).chunk(
                3, dim=-1
            )  # each (batch, length, d_model)
            query, key = self.place(query, key)
            output, _ = scaled_dot_product_attention(
                query, key, value, causal_mask(length)
            )
            x = x + output  # (batch, length, d_model)
        logits: Tensor = self.read_out(x)  # (batch, length, vocabulary)
        return logits

    def place(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        """Tell queries and keys where they stand, if the scheme does it here.

        Parameters
        ----------
        query, key : Tensor, shape (..., length, d_model)
            The projected vectors, a row for each position.

        Returns
        -------
        query, key : Tensor
            Those that are compared; with ALiBi they have one more number.
        """
        if self.scheme == "rotary":
            return rotate(query), rotate(key)
        if self.scheme == "ALiBi":
            # A key counts for more the later it stands, and what all keys of a row
            # share does not matter: that is as good as taking off the distance.
            later = SLOPE * torch.arange(float(key.size(-2)))[:, None]  # (length, 1)
            one = torch.full_like(later, (D_MODEL + 1) ** 0.5)  # it will be divided
            return _append(query, one), _append(key, later)
        return query, key


def _append(x: Tensor, column: Tensor) -> Tensor:
    return torch.cat([x, column.expand(*x.shape[:-1], 1)], dim=-1)


def _answers(tokens: Tensor, which: int | str) -> Tensor:
    """Return the right token at each position, shape (batch, length)."""
    if which == "first":
        return tokens[:, :1].expand_as(tokens)
    answers = tokens.roll(int(which), dims=1)  # what was rolled to the front is wrong
    asked = torch.arange(tokens.size(1)) >= int(which)  # (length,)
    return answers.where(asked, NOT_ASKED)


def _require_which(which: Any) -> None:
    if which != "first":
        check.require_positive_int("which", which)


def train_look_back(
    model: LookBackModel,
    which: int | Literal["first"],
    generator: torch.Generator,
    *,
    steps: int = 200,
) -> list[float]:
    """Train a model to name an earlier token, on sequences of 6 to 16 random tokens.

    Parameters
    ----------
    model : LookBackModel
        The model; it is changed in place.
    which : int or "first"
        The token to name: so many positions back, or the first of the sequence.
    generator : torch.Generator
        Where the sequences come from.
    steps : int
        The number of steps of AdamW, at the learning rate 0.01, each with 32 sequences
        of one length.

    Returns
    -------
    list of float
        The loss, the mean cross-entropy of the answers, at each step.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = LookBackModel("rotary", generator=generator)
    >>> losses = train_look_back(model, 1, generator, steps=100)
    >>> losses[0] > 2.5, losses[-1] < 0.5
    (True, True)
    """
    check.require_instance("model", model, LookBackModel)
    check.require_generator("generator", generator)
    check.require_positive_int("steps", steps)
    _require_which(which)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        length = int(torch.randint(SHORTEST, LONGEST + 1, (), generator=generator))
        tokens = torch.randint(NUM_TOKENS, (32, length), generator=generator)
        loss = nn.functional.cross_entropy(
            model(tokens).flatten(0, 1),
            _answers(tokens, which).flatten(),
            ignore_index=NOT_ASKED,
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_by_length(
    model: LookBackModel, which: int | Literal["first"], lengths: Sequence[int]
) -> Tensor:
    """Measure how often a model is right at the last four positions.

    Parameters
    ----------
    model : LookBackModel
        The model.
    which : int or "first"
        The token to name, as in :func:`train_look_back`.
    lengths : sequence of int
        How long the sequences are, from 4 to 128.

    Returns
    -------
    Tensor, shape (lengths,)
        For each length the share of right answers, over 200 random sequences, the same
        at each call.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = LookBackModel("rotary", generator=generator)
    >>> losses = train_look_back(model, 1, generator)
    >>> bool(accuracy_by_length(model, 1, [16]) > 0.99)
    True
    """
    check.require_instance("model", model, LookBackModel)
    check.require_sequence("lengths", lengths, "int")
    _require_which(which)
    generator = torch.Generator().manual_seed(0)
    shares = []
    for length in lengths:
        tokens = torch.randint(NUM_TOKENS, (SEQUENCES, length), generator=generator)
        with torch.no_grad():
            named = model(tokens).argmax(dim=-1)  # (batch, length)
        right = named == _answers(tokens, which)
        shares.append(right[:, -LAST:].float().mean())
    return torch.stack(shares)
