"""Models of attention alone that go on with a sequence which is written twice.

The letters in the shape comments: ``batch`` sequences, ``length`` positions,
``d_model`` numbers a position, ``layers``, ``heads``, ``vocabulary`` different tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.attention import causal_mask, scaled_dot_product_attention
from nnbasics.experiments.relation_model import start_as_pytorch_does
from nnbasics.multihead import merge_heads, split_heads
from nnbasics.positions import rotate, sinusoidal_positions

__all__ = [
    "InductionModel",
    "Moment",
    "head_scores",
    "repeated_tokens",
    "share_copied",
    "train_induction",
]

NUM_TOKENS, D_MODEL, NUM_HEADS = 24, 32, 2
POSITIONS = ("rotary", "learned", "sinusoidal", "none")
# A sequence of the training has so many tokens before it is repeated.
PERIODS = range(6, 13)
BATCH_SIZE, LEARNING_RATE = 32, 0.015
# In so many steps the learning rate rises to what it is.
WARM_UP = 50
# A share is measured on so many sequences.
SEQUENCES = 200
# Of a training that is watched, so many moments are kept behind the start.
MOMENTS = 12


class CopyingAttention(nn.Module):
    """Causal attention with two heads, without biases.

    Parameters
    ----------
    rotary : bool
        Whether queries and keys are rotated.

    Attributes
    ----------
    q_proj, k_proj, v_proj, out_proj : torch.nn.Linear
        The projections.
    """

    def __init__(self, rotary: bool) -> None:
        super().__init__()
        self.rotary = rotary
        self.q_proj = nn.Linear(D_MODEL, D_MODEL, bias=False)
        self.k_proj = nn.Linear(D_MODEL, D_MODEL, bias=False)
        self.v_proj = nn.Linear(D_MODEL, D_MODEL, bias=False)
        self.out_proj = nn.Linear(D_MODEL, D_MODEL, bias=False)

    def forward(self, x: Tensor, off: Sequence[int] = ()) -> tuple[Tensor, Tensor]:
        """Attend from each position to itself and to those before it.

        Parameters
        ----------
        x : Tensor, shape (batch, length, d_model)
            The vectors.
        off : sequence of int
            The heads that hand over nothing.

        Returns
        -------
        output : Tensor, shape (batch, length, d_model)
            What is to be added to `x`.
        weights : Tensor, shape (batch, heads, length, length)
            The attention weights.
        """
        # In one call: rotating something small costs the same as rotating twice of it.
        both = split_heads(torch.stack([self.q_proj(x), self.k_proj(x)]), NUM_HEADS)
        query, key = rotate(both) if self.rotary else both
        value = split_heads(self.v_proj(x), NUM_HEADS)  # (batch, heads, length, d_head)
        mask = causal_mask(x.size(1))
        heads, weights = scaled_dot_product_attention(query, key, value, mask)
        if off:
            heads[:, list(off)] = 0
        return self.out_proj(merge_heads(heads)), weights  # (batch, length, d_model)


class InductionModel(nn.Module):
    """Say at each position of a sequence which token comes next, by attention alone.

    There is no feed-forward network, no norm and no bias. What a layer puts out is
    added to what came in.

    Parameters
    ----------
    num_layers : int
        The number of layers, each with two heads.
    positions : {"rotary", "learned", "sinusoidal", "none"}
        How heads can tell where a token stands: by rotated queries and keys (RoPE), by
        vectors that are added to those of the tokens, or not at all.
    generator : torch.Generator
        Where the random start comes from.

    Attributes
    ----------
    embedding : torch.nn.Embedding
        The vectors of the 24 tokens, of 32 numbers each.
    positions : torch.nn.Parameter or None
        The vectors of 48 positions, if there are any.
    layers : torch.nn.ModuleList
        For each layer its projections, ``q_proj``, ``k_proj``, ``v_proj`` and
        ``out_proj``.
    unembedding : torch.nn.Linear
        From the last vectors to a score for each token.

    References
    ----------
    Elhage et al. (2021), "A Mathematical Framework for Transformer Circuits".

    Examples
    --------
    >>> model = InductionModel(2, generator=torch.Generator().manual_seed(0))
    >>> logits, weights = model(torch.tensor([[3, 1, 4, 3, 1]]))
    >>> logits.shape, [maps.shape for maps in weights]
    (torch.Size([1, 5, 24]), [torch.Size([1, 2, 5, 5]), torch.Size([1, 2, 5, 5])])
    >>> sum(parameter.numel() for parameter in model.parameters())
    9728
    """

    positions: nn.Parameter | None

    def __init__(
        self,
        num_layers: int,
        *,
        positions: str = "rotary",
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check.require_positive_int("num_layers", num_layers)
        if positions not in POSITIONS:
            raise ValueError(f"positions must be one of {POSITIONS}, got {positions!r}")
        check.require_generator("generator", generator)
        with torch.random.fork_rng(devices=[]):  # torch's own numbers stay unused
            self.embedding = nn.Embedding(NUM_TOKENS, D_MODEL)
            self.layers = nn.ModuleList(
                CopyingAttention(positions == "rotary") for _ in range(num_layers)
            )
            self.unembedding = nn.Linear(D_MODEL, NUM_TOKENS, bias=False)
        nn.init.normal_(self.embedding.weight, std=0.5, generator=generator)
        self.positions = None
        if positions == "sinusoidal":
            vectors = sinusoidal_positions(2 * NUM_TOKENS, D_MODEL)
            self.positions = nn.Parameter(vectors, requires_grad=False)
        if positions == "learned":
            vectors = torch.randn(2 * NUM_TOKENS, D_MODEL, generator=generator) / 2
            self.positions = nn.Parameter(vectors)
        start_as_pytorch_does(self, generator)

    def forward(
        self, tokens: Tensor, off: Sequence[tuple[int, int]] = ()
    ) -> tuple[Tensor, list[Tensor]]:
        """Score the next token at each position.

        Parameters
        ----------
        tokens : Tensor of int, shape (batch, length)
            Numbers from 0 to 23.
        off : sequence of (int, int)
            Heads that hand over nothing, each as its layer and its number there.

        Returns
        -------
        logits : Tensor, shape (batch, length, vocabulary)
            The scores of the tokens.
        weights : list of Tensor, shape (batch, heads, length, length)
            The attention weights of each layer.
        """
        check.require_rank("tokens", tokens, 2, "(batch, length)")
        for place, head in off:
            check.require_index("a layer in off", place, len(self.layers))
            check.require_index("a head in off", head, NUM_HEADS)
        x = self.embedding(tokens)  # (batch, length, d_model)
        if self.positions is not None:
            x = x + self.positions[: tokens.size(1)]
        weights = []
        for number, layer in enumerate(self.layers):
            output, maps = layer(x, [head for place, head in off if place == number])
            x = x + output  # (batch, length, d_model)
            weights.append(maps)
        logits: Tensor = self.unembedding(x)  # (batch, length, vocabulary)
        return logits, weights


def repeated_tokens(count: int, period: int, generator: torch.Generator) -> Tensor:
    """Make sequences of different random tokens, each written twice.

    Parameters
    ----------
    count : int
        How many sequences.
    period : int
        How many tokens come before the first one comes again, at most 24.
    generator : torch.Generator
        Where the randomness comes from.

    Returns
    -------
    Tensor of int64, shape (count, 2 * period)
        Numbers from 0 to 23; in each row every one of them twice or not at all.

    Examples
    --------
    >>> repeated_tokens(2, 3, torch.Generator().manual_seed(0))
    tensor([[12,  2,  3, 12,  2,  3],
            [11, 19,  3, 11, 19,  3]])
    """
    check.require_positive_int("count", count)
    _require_period("period", period)
    check.require_generator("generator", generator)
    shuffled = torch.rand(count, NUM_TOKENS, generator=generator).argsort(dim=1)
    return shuffled[:, :period].repeat(1, 2)  # (count, 2 * period)


def _require_period(name: str, period: int) -> None:
    check.require_positive_int(name, period)
    if not 2 <= period <= NUM_TOKENS:
        raise ValueError(f"{name} must be from 2 to {NUM_TOKENS}, got {period}")


class Moment(NamedTuple):
    """A moment of a training.

    Attributes
    ----------
    step : int
        How many steps had been made.
    share : float
        The share of tokens that the model copied rightly, see :func:`share_copied`.
    maps : Tensor, shape (layers, heads, length, length)
        The attention weights on the sequence that is watched.
    """

    step: int
    share: float
    maps: Tensor


def train_induction(
    model: InductionModel,
    generator: torch.Generator,
    *,
    steps: int = 500,
    periods: Sequence[int] = PERIODS,
    watched: Tensor | None = None,
) -> tuple[list[float], list[Moment]]:
    """Train a model to go on with sequences that are written twice.

    What counts is the second half: there the next token can be known.

    Parameters
    ----------
    model : InductionModel
        The model; it is changed in place.
    generator : torch.Generator
        Where the sequences come from.
    steps : int
        The number of steps of AdamW, each with 32 sequences. The learning rate rises
        to 0.015 in 50 steps, and falls to 0 in the second half of all.
    periods : sequence of int
        How many tokens come before the first one comes again: each step takes one of
        these numbers at random.
    watched : Tensor of int, shape (2 * period,), optional
        A sequence whose attention weights are kept, at the start and twelve times more.

    Returns
    -------
    losses : list of float
        The loss, the mean cross-entropy in the second half, at each step.
    moments : list of Moment
        Thirteen moments, from the start to the end; none if nothing is watched.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = InductionModel(1, generator=generator)
    >>> losses, _ = train_induction(model, generator, steps=100, periods=[6])
    >>> losses[0] > 3, losses[-1] < 0.5
    (True, True)
    """
    check.require_instance("model", model, InductionModel)
    check.require_generator("generator", generator)
    check.require_positive_int("steps", steps)
    check.require_sequence("periods", periods, "int")
    check.require_some("periods", periods, "int")
    for period in periods:
        _require_period("each of periods", period)
    options: Any = {"lr": LEARNING_RATE, "betas": (0.9, 0.98), "weight_decay": 0.01}
    optimizer = torch.optim.AdamW(model.parameters(), **options)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARM_UP, 1, 2 - 2 * step / steps)
    )
    losses: list[float] = []
    moments = [_moment(model, 0, watched)] if watched is not None else []
    for step in range(1, steps + 1):
        choice = int(torch.randint(len(periods), (), generator=generator))
        tokens = repeated_tokens(BATCH_SIZE, periods[choice], generator)
        loss = _loss(model, tokens)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if watched is not None and step * MOMENTS // steps == len(moments):
            moments.append(_moment(model, step, watched))
    return losses, moments


def _loss(model: InductionModel, tokens: Tensor) -> Tensor:
    """Return the mean cross-entropy of the second half's tokens, but for its first."""
    period = tokens.size(1) // 2
    logits = model(tokens)[0][:, period:-1]  # (batch, period - 1, vocabulary)
    return nn.functional.cross_entropy(
        logits.flatten(0, 1), tokens[:, period + 1 :].flatten()
    )


def _moment(model: InductionModel, step: int, watched: Tensor) -> Moment:
    with torch.no_grad():
        _, weights = model(watched.unsqueeze(0))
    share = share_copied(model, len(watched) // 2)
    return Moment(step, share, torch.stack(weights).squeeze(1))


def share_copied(
    model: InductionModel, period: int, off: Sequence[tuple[int, int]] = ()
) -> float:
    """Measure how often a model is right where the next token can be known.

    That is from the second half's first token on: the same token stood `period` places
    before, and what came after it there comes again.

    Parameters
    ----------
    model : InductionModel
        The model.
    period : int
        How many tokens come before the first one comes again, from 2 to 24.
    off : sequence of (int, int)
        Heads that hand over nothing, each as its layer and its number there.

    Returns
    -------
    float
        The share of right answers, over 200 random sequences, the same at each call.

    Examples
    --------
    >>> model = InductionModel(2, generator=torch.Generator().manual_seed(0))
    >>> share_copied(model, 8) < 0.2  # not trained
    True
    """
    tokens = _test_tokens(model, period)
    with torch.no_grad():
        logits, _ = model(tokens, off)  # (batch, 2 * period, vocabulary)
    named = logits[:, period:-1].argmax(dim=-1)  # (batch, period - 1)
    return float((named == tokens[:, period + 1 :]).float().mean())


def head_scores(model: InductionModel, period: int) -> Tensor:
    """Measure how much two jobs are done by each head, on repeated sequences.

    To go on with a sequence, the first half's tokens have to know what stands before
    them, and those of the second half have to look at what came after the earlier copy.

    Parameters
    ----------
    model : InductionModel
        The model.
    period : int
        How many tokens come before the first one comes again, from 2 to 24.

    Returns
    -------
    Tensor, shape (layers, heads, 2)
        The mean weight on the token before, of the `period` tokens from the second on;
        and that on the token which came after the earlier copy, of the second half's
        tokens. Over 200 random sequences, the same at each call.

    References
    ----------
    Olsson et al. (2022), "In-context Learning and Induction Heads".

    Examples
    --------
    >>> model = InductionModel(2, generator=torch.Generator().manual_seed(0))
    >>> bool((head_scores(model, 8) < 0.3).all())  # not trained
    True
    """
    tokens = _test_tokens(model, period)
    with torch.no_grad():
        maps = torch.stack(model(tokens)[1])  # (layers, batch, heads, length, length)
    # Diagonal -d holds the weights on what stands d places before.
    before = maps.diagonal(-1, dim1=-2, dim2=-1)[..., :period]
    after_copy = maps.diagonal(1 - period, dim1=-2, dim2=-1)[..., 1:]
    scores = [weights.mean(dim=(1, 3)) for weights in (before, after_copy)]
    return torch.stack(scores, dim=-1)  # (layers, heads, 2)


def _test_tokens(model: InductionModel, period: int) -> Tensor:
    check.require_instance("model", model, InductionModel)
    _require_period("period", period)
    return repeated_tokens(SEQUENCES, period, torch.Generator().manual_seed(0))
