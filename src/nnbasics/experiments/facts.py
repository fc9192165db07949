"""A feed-forward network as a memory: facts that it is trained to hold.

The letters in the shape comments: ``subjects`` and ``answers`` of the facts,
``d_model`` numbers a vector, ``d_hidden`` hidden units.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.block import FeedForward
from nnbasics.experiments.relation_model import start_as_pytorch_does

__all__ = ["CAPITALS", "FactModel", "facts_that_hold", "train_facts"]

_COUNTRIES_AND_CAPITALS = (
    "Australia Canberra, Austria Vienna, Belgium Brussels, Canada Ottawa, "
    "Chile Santiago, China Beijing, Cuba Havana, Denmark Copenhagen, Egypt Cairo, "
    "Finland Helsinki, France Paris, Germany Berlin, Ghana Accra, Greece Athens, "
    "Hungary Budapest, Iran Tehran, Iraq Baghdad, Ireland Dublin, Italy Rome, "
    "Japan Tokyo, Kenya Nairobi, Morocco Rabat, Norway Oslo, Peru Lima, "
    "Poland Warsaw, Portugal Lisbon, Russia Moscow, Spain Madrid, "
    "Sweden Stockholm, Thailand Bangkok, Turkey Ankara, Vietnam Hanoi"
)
CAPITALS = dict(fact.split() for fact in _COUNTRIES_AND_CAPITALS.split(", "))
"""Thirty-two countries, each with its capital: facts of one word and one answer."""


class FactModel(nn.Module):
    """Answer for each subject, out of the memory of a feed-forward network alone.

    The vectors of subjects and answers are random directions and stay as they are. So
    what the model knows after its training stands in the feed-forward network.

    Parameters
    ----------
    num_subjects, num_answers : int
        How many there are.
    d_model : int
        The size of the vectors.
    d_hidden : int
        The number of hidden units.
    generator : torch.Generator
        Where the random vectors and the random start come from.

    Attributes
    ----------
    embedding : torch.nn.Embedding
        The vectors of the subjects, of length √d_model; frozen.
    feed_forward : FeedForward
        The memory; the only part that is trained.
    unembedding : torch.nn.Linear
        The vectors of the answers, of length 1, without a bias; frozen.

    Raises
    ------
    TypeError
        If a size is not an int, or `generator` not a torch.Generator.
    ValueError
        If a size is less than 1.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = FactModel(32, 32, d_model=8, d_hidden=16, generator=generator)
    >>> model(torch.tensor([3, 5])).shape
    torch.Size([2, 32])
    """

    def __init__(
        self,
        num_subjects: int,
        num_answers: int,
        d_model: int,
        d_hidden: int,
        *,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check.require_sizes(num_subjects=num_subjects, num_answers=num_answers)
        check.require_generator("generator", generator)
        # Layers draw from torch's global generator first, which is to stay as it is.
        with torch.random.fork_rng(devices=[]):
            self.feed_forward = FeedForward(d_model, d_hidden)
            self.embedding = nn.Embedding(num_subjects, d_model)
            self.unembedding = nn.Linear(d_model, num_answers, bias=False)
        # The vectors first: they are the same, however many hidden units there are.
        for vectors, length in (
            (self.embedding.weight, d_model**0.5),
            (self.unembedding.weight, 1),
        ):
            nn.init.normal_(vectors, generator=generator).requires_grad_(False)
            vectors *= length / vectors.norm(dim=-1, keepdim=True)
        start_as_pytorch_does(self.feed_forward, generator)

    def forward(self, subjects: Tensor) -> Tensor:
        """Answer for some subjects.

        Parameters
        ----------
        subjects : Tensor of int, shape (...)
            The numbers of the subjects.

        Returns
        -------
        Tensor, shape (..., num_answers)
            The logits: the answer with the highest one is the model's.
        """
        x = self.embedding(subjects)  # (..., d_model)
        logits: Tensor = self.unembedding(self.feed_forward(x))  # (..., num_answers)
        return logits


def train_facts(model: FactModel, answers: Tensor, steps: int = 300) -> list[float]:
    """Train a model to answer for all of its subjects, all of them at each step.

    The loss is the cross-entropy, the optimiser :class:`torch.optim.Adam` with the
    learning rate 0.02.

    Parameters
    ----------
    model : FactModel
        The model; its feed-forward network is changed in place.
    answers : Tensor of int, shape (num_subjects,)
        The number of the right answer of each subject.
    steps : int
        The number of steps, at least 1.

    Returns
    -------
    list of float
        The loss at each step.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = FactModel(32, 32, d_model=8, d_hidden=16, generator=generator)
    >>> losses = train_facts(model, torch.arange(32))
    >>> losses[0] > 3, losses[-1] < 0.1
    (True, True)
    """
    _require_facts(model, answers)
    check.require_positive_int("steps", steps)
    subjects = torch.arange(len(answers))
    optimizer = torch.optim.Adam(model.feed_forward.parameters(), lr=0.02)
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(model(subjects), answers)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def facts_that_hold(
    model: FactModel, answers: Tensor, off: Sequence[int] = ()
) -> Tensor:
    """Say which facts a model answers rightly, all units on or some of them off.

    A unit that is off gives 0, whatever the subject.

    Parameters
    ----------
    model : FactModel
        The model.
    answers : Tensor of int, shape (num_subjects,)
        The number of the right answer of each subject.
    off : sequence of int
        The hidden units that are off.

    Returns
    -------
    Tensor of bool, shape (num_subjects,)
        ``True`` where the right answer has the highest logit.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = FactModel(32, 32, d_model=8, d_hidden=16, generator=generator)
    >>> _ = train_facts(model, torch.arange(32))
    >>> facts_that_hold(model, torch.arange(32)).sum()
    tensor(32)
    >>> facts_that_hold(model, torch.arange(32), off=range(16)).sum()
    tensor(1)
    """
    _require_facts(model, answers)
    check.require_sequence("off", off, "int")
    network = model.feed_forward
    for unit in off:
        check.require_index("each of off", unit, network.linear1.out_features)
    with torch.no_grad():
        hidden = torch.relu(network.linear1(model.embedding.weight))
        hidden[:, list(off)] = 0  # (subjects, d_hidden)
        logits = model.unembedding(network.linear2(hidden))  # (subjects, answers)
    right: Tensor = logits.argmax(dim=-1) == answers  # (subjects,)
    return right


def _require_facts(model: FactModel, answers: Tensor) -> None:
    check.require_instance("model", model, FactModel)
    shape = (model.embedding.num_embeddings,)
    check.require_shape("answers", answers, shape, "(num_subjects,)")
