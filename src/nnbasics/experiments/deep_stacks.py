"""Stacks of layers, put together in different orders, and what training makes of them.

The letters in the shape comments: ``batch`` inputs, ``length`` positions, ``d_model``
numbers a vector, ``answers`` to choose among.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from nnbasics import _checks as check
from nnbasics.block import FeedForward, TransformerBlock
from nnbasics.experiments.relation_model import start_as_pytorch_does

__all__ = ["ORDERS", "BlockStack", "DepthRun", "FeedForwardStack", "train_stack"]

Layer = Callable[[Tensor], Tensor]
ORDERS: dict[str, Callable[[Tensor, Layer, Layer], Tensor]] = {
    "plain": lambda x, part, _norm: part(x),
    "norm only": lambda x, part, norm: norm(part(x)),
    "residual": lambda x, part, _norm: x + part(x),
    "norm after": lambda x, part, norm: norm(x + part(x)),
    "norm before": lambda x, part, norm: x + part(norm(x)),
}
"""What becomes of the vectors x in a layer that has a part and a norm."""

D_MODEL, NUM_TOKENS, LENGTH, NUM_HEADS = 32, 16, 16, 4


class FeedForwardStack(nn.Module):
    """Say whether a sum of three bits is odd, with one feed-forward part on another.

    Parameters
    ----------
    order : {"plain", "norm only", "residual", "norm after", "norm before"}
        How each part is put together with a norm and with what came in.
    depth : int
        The number of parts.
    generator : torch.Generator
        Where the random start comes from.

    Attributes
    ----------
    embedding : torch.nn.Linear
        From three bits to a vector of 32 numbers.
    layers : torch.nn.ModuleList
        The parts, each a :class:`nnbasics.FeedForward` with 64 hidden units.
    norms : torch.nn.ModuleList
        A ``torch.nn.LayerNorm`` for each part; some orders leave them out.
    read_out : torch.nn.Linear
        From a vector to two logits, for an even and for an odd sum.

    Raises
    ------
    TypeError
        If `depth` is not an int, or `generator` not a torch.Generator.
    ValueError
        If `order` is none of these, or `depth` is less than 1.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> stack = FeedForwardStack("residual", depth=4, generator=generator)
    >>> bits, is_odd = stack.examples()
    >>> bits[3], is_odd[3], stack(bits).shape
    (tensor([0., 1., 1.]), tensor(0), torch.Size([8, 2]))
    """

    task: ClassVar[str] = "parity of three bits"
    num_tests: ClassVar[int] = 8

    def __init__(self, order: str, depth: int, *, generator: torch.Generator) -> None:
        super().__init__()
        _require_stack(order, tuple(ORDERS), depth, generator)
        self.order, self.depth = order, depth
        # Layers draw from torch's global generator first, which is to stay as it is.
        with torch.random.fork_rng(devices=[]):
            self.embedding = nn.Linear(3, D_MODEL)
            self.layers = nn.ModuleList(
                FeedForward(D_MODEL, 2 * D_MODEL) for _ in range(depth)
            )
            self.norms = nn.ModuleList(nn.LayerNorm(D_MODEL) for _ in range(depth))
            self.read_out = nn.Linear(D_MODEL, 2)
        start_as_pytorch_does(self, generator)

    def examples(
        self,
        generator: torch.Generator | None = None,  # noqa: ARG002 - as BlockStack's
        count: int = 8,  # noqa: ARG002
    ) -> tuple[Tensor, Tensor]:
        """Give all eight inputs, whatever is asked for, and their right answers.

        Parameters
        ----------
        generator : torch.Generator, optional
            Not used: there is nothing to draw.
        count : int
            Not used.

        Returns
        -------
        bits : Tensor, shape (8, 3)
            The inputs.
        is_odd : Tensor of int, shape (8,)
            1 where the sum of the bits is odd.
        """
        ones = torch.tensor([0.0, 1.0])
        bits = torch.cartesian_prod(ones, ones, ones)  # (8, 3)
        return bits, bits.sum(dim=1).long() % 2

    def stages(self, bits: Tensor) -> list[Tensor]:
        """Give the vectors before the first part, and behind each part.

        Parameters
        ----------
        bits : Tensor, shape (batch, 3)
            The inputs.

        Returns
        -------
        list of Tensor, each of shape (batch, d_model)
            One more than there are parts.
        """
        stages = [self.embedding(bits)]
        for part, norm in zip(self.layers, self.norms, strict=True):
            stages.append(ORDERS[self.order](stages[-1], part, norm))
        return stages

    def forward(self, bits: Tensor) -> Tensor:
        """Answer for some inputs.

        Parameters
        ----------
        bits : Tensor, shape (batch, 3)
            The inputs.

        Returns
        -------
        Tensor, shape (batch, answers)
            The logits.
        """
        logits: Tensor = self.read_out(self.stages(bits)[-1])
        return logits


class BlockStack(nn.Module):
    """Write 16 tokens backwards, with one Transformer block on another.

    Parameters
    ----------
    order : {"norm after", "norm before"}
        Where the norms of each block stand.
    depth : int
        The number of blocks.
    generator : torch.Generator
        Where the random start comes from.

    Attributes
    ----------
    embedding : torch.nn.Embedding
        The vectors of the 16 tokens.
    positions : torch.nn.Embedding
        A learned vector for each of the 16 places, added to that of the token.
    layers : torch.nn.ModuleList
        The blocks, each a :class:`nnbasics.TransformerBlock` with four heads.
    read_out : torch.nn.Linear
        From a vector to a logit for each token.

    Raises
    ------
    TypeError
        If `depth` is not an int, or `generator` not a torch.Generator.
    ValueError
        If `order` is none of these, or `depth` is less than 1.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> stack = BlockStack("norm before", depth=4, generator=generator)
    >>> tokens, backwards = stack.examples(generator, count=5)
    >>> tokens.equal(backwards.flip(1)), stack(tokens).shape
    (True, torch.Size([5, 16, 16]))
    """

    task: ClassVar[str] = "16 tokens backwards"
    num_tests: ClassVar[int] = 128

    def __init__(self, order: str, depth: int, *, generator: torch.Generator) -> None:
        super().__init__()
        _require_stack(order, ("norm after", "norm before"), depth, generator)
        self.order, self.depth = order, depth
        first = order == "norm before"
        with torch.random.fork_rng(devices=[]):
            self.embedding = nn.Embedding(NUM_TOKENS, D_MODEL)
            self.positions = nn.Embedding(LENGTH, D_MODEL)
            self.layers = nn.ModuleList(
                TransformerBlock(D_MODEL, NUM_HEADS, norm_first=first)
                for _ in range(depth)
            )
            self.read_out = nn.Linear(D_MODEL, NUM_TOKENS)
        for vectors in (self.embedding, self.positions):
            nn.init.normal_(vectors.weight, generator=generator)
        start_as_pytorch_does(self, generator)

    def examples(
        self, generator: torch.Generator, count: int = 8
    ) -> tuple[Tensor, Tensor]:
        """Draw sequences, and write them backwards.

        Parameters
        ----------
        generator : torch.Generator
            Where they come from.
        count : int
            The number of sequences.

        Returns
        -------
        tokens, backwards : Tensor of int, shape (count, 16)
            The inputs and the right answers.
        """
        tokens = torch.randint(NUM_TOKENS, (count, LENGTH), generator=generator)
        return tokens, tokens.flip(1)

    def forward(self, tokens: Tensor) -> Tensor:
        """Name a token at each place.

        Parameters
        ----------
        tokens : Tensor of int, shape (batch, 16)
            Numbers from 0 to 15.

        Returns
        -------
        Tensor, shape (batch, 16, answers)
            The logits.
        """
        x = self.embedding(tokens) + self.positions.weight  # (batch, length, d_model)
        for block in self.layers:
            x, _ = block(x)
        logits: Tensor = self.read_out(x)
        return logits


@dataclass(frozen=True)
class DepthRun:
    """The training of a stack: how it was set up, and what came out.

    Attributes
    ----------
    task : str
        What was learned.
    order : str
        How the parts of a layer are put together, such as ``"norm before"``.
    depth : int
        The number of layers.
    rate : float
        The learning rate.
    warm_up : int
        The number of steps in which the learning rate rises to `rate`, or 0.
    losses : list of float
        The loss at each step.
    accuracy : float
        The share of right answers after the training.
    gradients : list of float
        The norm of each layer's gradient at the first step, first layer first.
    """

    task: str
    order: str
    depth: int
    rate: float
    warm_up: int
    losses: list[float]
    accuracy: float
    gradients: list[float]


def train_stack(
    stack: FeedForwardStack | BlockStack,
    generator: torch.Generator,
    *,
    rate: float,
    warm_up: int = 0,
    steps: int = 80,
) -> DepthRun:
    """Train a stack with Adam, and say how it went.

    Parameters
    ----------
    stack : FeedForwardStack or BlockStack
        The stack; it is changed in place.
    generator : torch.Generator
        Where the examples come from.
    rate : float
        The learning rate.
    warm_up : int
        The learning rate rises to `rate` in so many steps; 0 for no warm-up.
    steps : int
        The number of steps, each with eight examples.

    Returns
    -------
    DepthRun
        The losses, the accuracy afterwards, and the gradients at the first step.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> stack = FeedForwardStack("plain", depth=3, generator=generator)
    >>> run = train_stack(stack, generator, rate=0.01)
    >>> run.accuracy, run.gradients[0] < run.gradients[2]
    (1.0, True)
    """
    _require_training(stack, generator, rate, warm_up, steps)
    vector = _as_one_vector(stack)
    optimizer = torch.optim.Adam([vector])
    losses, gradients = [], []
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * min(1, (step + 1) / max(warm_up, 1))
        optimizer.zero_grad(set_to_none=False)
        inputs, answers = stack.examples(generator)
        logits = stack(inputs).flatten(0, -2)  # (batch · length, answers)
        loss = nn.functional.cross_entropy(logits, answers.flatten())
        loss.backward()
        if step == 0:
            gradients = [_gradient_norm(layer) for layer in stack.layers]
        optimizer.step()
        losses.append(loss.item())
    inputs, answers = stack.examples(generator, stack.num_tests)
    with torch.no_grad():
        right = stack(inputs).argmax(dim=-1) == answers
    return DepthRun(
        *(stack.task, stack.order, stack.depth, rate, warm_up, losses),
        accuracy=right.float().mean().item(),
        gradients=gradients,
    )


def _as_one_vector(module: nn.Module) -> Tensor:
    """Make all parameters windows on one vector, and their gradients on its gradient.

    An optimiser does the same to each number of each tensor, but takes its time for
    each tensor: with one tensor in the place of hundreds it is many times as fast.
    """
    parameters = [*module.parameters()]
    vector = parameters_to_vector(parameters).detach()
    vector_to_parameters(vector, parameters)
    vector.grad = torch.zeros_like(vector)
    windows = vector.grad.split([parameter.numel() for parameter in parameters])
    for parameter, window in zip(parameters, windows, strict=True):
        parameter.grad = window.view_as(parameter)
    return vector


def _gradient_norm(layer: nn.Module) -> float:
    # squares of 1e-22 are 0 in float32
    gradients = [x.grad.double() for x in layer.parameters() if x.grad is not None]
    return float(parameters_to_vector(gradients).norm())


def _require_stack(
    order: str, orders: tuple[str, ...], depth: int, generator: torch.Generator
) -> None:
    if order not in orders:
        raise ValueError(f"order must be one of {orders}, got {order!r}")
    check.require_positive_int("depth", depth)
    check.require_generator("generator", generator)


def _require_training(
    stack: nn.Module, generator: torch.Generator, rate: float, warm_up: int, steps: int
) -> None:
    if not isinstance(stack, FeedForwardStack | BlockStack):
        raise TypeError(
            "stack must be a FeedForwardStack or a BlockStack, got "
            f"{type(stack).__name__}"
        )
    check.require_generator("generator", generator)
    check.require_positive_number("rate", rate)
    check.require_int("warm_up", warm_up)
    if warm_up < 0:
        raise ValueError(f"warm_up must be 0 or more, got {warm_up}")
    check.require_positive_int("steps", steps)
