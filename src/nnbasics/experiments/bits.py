"""Small attention models that read bits, with and without a feed-forward network.

The letters in the shape comments: ``batch`` sequences, ``length`` positions, ``bits`` a
position, ``asked`` positions whose answer counts.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.block import FeedForward
from nnbasics.experiments.relation_model import start_as_pytorch_does
from nnbasics.multihead import MultiHeadAttention

__all__ = ["BitModel", "train_bits", "xor_with_the_bit_before"]

D_MODEL, NUM_HEADS = 16, 2


def xor_with_the_bit_before(length: int) -> tuple[Tensor, Tensor]:
    """Return all sequences of bits, and for each bit its XOR with the one before.

    Parameters
    ----------
    length : int
        The number of bits in a sequence, at least 2.

    Returns
    -------
    bits : Tensor, shape (2 ** length, length, 1), float32
        One bit a position.
    targets : Tensor, shape (2 ** length, length - 1), float32
        1 where a bit differs from the one before it, else 0; of the first bit, which
        has none before it, nothing is asked.

    Examples
    --------
    >>> bits, targets = xor_with_the_bit_before(2)
    >>> bits.squeeze(-1).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> targets.tolist()
    [[0.0], [1.0], [1.0], [0.0]]
    """
    check.require_int("length", length)
    if length < 2:
        raise ValueError(f"length must be at least 2, got {length}")
    bits = torch.tensor([*itertools.product([0.0, 1.0], repeat=length)])
    targets = (bits[:, 1:] - bits[:, :-1]).abs()  # (2 ** length, length - 1)
    return bits.unsqueeze(-1), targets


class BitModel(nn.Module):
    """Answer a question about each position, through one layer of attention.

    A position's bits and its place are turned into vectors of 16 numbers. Their sum
    makes the value; the query and the key are made of the place alone, or of the sum
    as well. Without a feed-forward network behind the two heads, one weighted sum
    reads the answer out of what the attention gathered. There is no residual
    connection.

    Parameters
    ----------
    num_bits : int
        The number of bits of a position.
    length : int
        The number of positions.
    d_hidden : int, optional
        The number of hidden units of the feed-forward network; without it there is
        none.
    looks_at_bits : bool
        Whether the attention weights may depend on the bits.
    generator : torch.Generator
        Where the random start comes from.

    Attributes
    ----------
    embedding : torch.nn.Linear
        From the bits to the vectors.
    positions : torch.nn.Parameter
        A vector for each place.
    attention : MultiHeadAttention
        The attention layer, with two heads.
    feed_forward : FeedForward or torch.nn.Identity
        What computes with what was gathered.
    read_out : torch.nn.Linear
        From the vectors to the answers.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = BitModel(num_bits=1, length=8, d_hidden=64, generator=generator)
    >>> model(torch.zeros(3, 8, 1)).shape
    torch.Size([3, 8])
    """

    def __init__(
        self,
        num_bits: int,
        length: int,
        d_hidden: int | None = None,
        *,
        looks_at_bits: bool = False,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check.require_sizes(num_bits=num_bits, length=length)
        check.require_generator("generator", generator)
        self.looks_at_bits = looks_at_bits
        # Layers draw from torch's global generator first, which is to stay as it is.
        with torch.random.fork_rng(devices=[]):
            self.embedding = nn.Linear(num_bits, D_MODEL)
            self.attention = MultiHeadAttention(D_MODEL, NUM_HEADS)
            self.feed_forward = (
                nn.Identity() if d_hidden is None else FeedForward(D_MODEL, d_hidden)
            )
            self.read_out = nn.Linear(D_MODEL, 1)
        start_as_pytorch_does(self, generator)
        self.positions = nn.Parameter(torch.randn(length, D_MODEL, generator=generator))

    def forward(self, bits: Tensor) -> Tensor:
        """Answer for each position.

        Parameters
        ----------
        bits : Tensor, shape (batch, length, bits)
            Zeros and ones.

        Returns
        -------
        Tensor, shape (batch, length)
            The logits: an answer is yes where they are more than 0.
        """
        x = self.embedding(bits) + self.positions  # (batch, length, d_model)
        looks = x if self.looks_at_bits else self.positions.expand_as(x)
        gathered, _ = self.attention(looks, looks, x)  # (batch, length, d_model)
        answers: Tensor = self.read_out(self.feed_forward(gathered))
        return answers.squeeze(-1)  # (batch, length)


def train_bits(
    model: BitModel,
    bits: Tensor,
    targets: Tensor,
    generator: torch.Generator,
    steps: int = 400,
) -> list[float]:
    """Train a model to answer for the last positions, with AdamW.

    The loss is the mean cross-entropy of 64 sequences, the learning rate 0.005.

    Parameters
    ----------
    model : BitModel
        The model; it is changed in place.
    bits : Tensor, shape (batch, length, bits), float32
        The sequences.
    targets : Tensor, shape (batch, asked), float32
        The right answers, 0 or 1, of the last positions.
    generator : torch.Generator
        Where the choice of the sequences comes from.
    steps : int
        The number of steps, at least 1.

    Returns
    -------
    list of float
        The loss at each step.

    Examples
    --------
    >>> from nnbasics import xor_dataset
    >>> generator = torch.Generator().manual_seed(0)
    >>> model = BitModel(num_bits=2, length=1, d_hidden=64, generator=generator)
    >>> inputs, targets = xor_dataset()
    >>> losses = train_bits(model, inputs.unsqueeze(1), targets, generator)
    >>> losses[-1] < 0.1
    True
    """
    check.require_instance("model", model, BitModel)
    check.require_generator("generator", generator)
    check.require_positive_int("steps", steps)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.005)
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(bits), (64,), generator=generator)  # (64,)
        logits = model(bits[rows])[:, -targets.size(1) :]  # (64, asked)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
