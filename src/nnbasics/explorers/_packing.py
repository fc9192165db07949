"""The numbers of a figure, packed for its page: short, and exact to a known step.

A page has to hold a whole relation model, and it must stay small. So the model is
folded into the fewest numbers that give the same answers: the 28 words and 11 positions
are projected beforehand, since a table of projected vectors is shorter than the
matrices, and the output projection and the read-out, two matrices with nothing between
them, become one.

The letters in the shape comments: ``words`` of the vocabulary, ``positions``,
``d_model``, and ``answers``, the number of questions times that of words.
"""

from __future__ import annotations

import base64
from typing import Any, TypedDict

import numpy as np
import torch
from torch import Tensor

from nnbasics.experiments.relation_model import RelationModel
from nnbasics.experiments.toy_language import WORDS

__all__ = ["LONGEST", "Packed", "fold", "pack_exactly", "pack_in_steps", "pack_model"]

KINDS = {
    "DET": "determiner",
    "ADJ": "adjective",
    "N": "noun",
    "V_I": "verb without object",
    "V_T": "verb with object",
    "PREP": "preposition",
}
# The longest sentences of the training.
LONGEST = 11


# The page shows three digits of a weight, and two of an answer's share.
BYTES = {"query": 2, "key": 2, "value": 1.5, "answer": 1.5, "answer_bias": 1.5}


class Packed(TypedDict):
    """Packed numbers: base64 of little-endian numbers.

    If `step` is 0 they are float32; otherwise they are whole numbers of `bytes` bytes,
    to be multiplied by `step`. With 1.5 bytes two of them share three, high bits first.
    """

    packed: str
    bytes: float
    step: float


def pack_exactly(numbers: Tensor) -> Packed:
    """Pack float32 numbers as they are: four bytes each."""
    values = numbers.detach().cpu().numpy().astype("<f4")
    return Packed(packed=_base64(values.tobytes()), bytes=4, step=0.0)


def pack_in_steps(
    numbers: Tensor, *, bytes_each: float, step: float | None = None
) -> Packed:
    """Pack numbers as multiples of a step, with 1, 1.5 (an even count) or 2 bytes each.

    Without a given step it is the smallest with which the largest number fits.
    """
    values = numbers.detach().cpu().numpy().astype(np.float64)
    if step is None:
        largest = float(np.abs(values).max(initial=0.0)) or 1.0
        step = largest / (2 ** (8 * bytes_each - 1) - 1)
    multiples = np.rint(values / step).astype("<i4").reshape(-1, 1)
    if bytes_each == 1.5:
        first, second = multiples.reshape(-1, 2).T & 0xFFF
        every = (first << 12 | second).astype(">u4").reshape(-1, 1).view("u1")[:, 1:]
    else:
        every = multiples.view("u1")[:, : int(bytes_each)]
    return Packed(packed=_base64(every.tobytes()), bytes=bytes_each, step=step)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def fold(model: RelationModel) -> dict[str, Tensor]:
    """Return the numbers of a model that decide about its weights and answers.

    Returns
    -------
    dict of str to Tensor, float64
        ``query`` and ``key``, shape (words + positions, d_model): what a word and a
        position add to a query and a key; ``value``, shape (words, d_model);
        ``answer``, shape (answers, d_model), and ``answer_bias``, shape (answers,).
    """
    with torch.no_grad():
        words = model.words.double()
        positions = model.positions[:LONGEST].double()
        layers = model.attention
        tables = {}
        for name, layer in (("query", layers.q_proj), ("key", layers.k_proj)):
            matrix, bias = layer.weight.double().T, layer.bias.double()
            tables[name] = torch.cat([words @ matrix, positions @ matrix + bias])
        tables["value"] = (
            words @ layers.v_proj.weight.double().T + layers.v_proj.bias.double()
        )
        read_out = model.read_out.weight.double()  # (answers, d_model)
        tables["answer"] = read_out @ layers.out_proj.weight.double()
        tables["answer_bias"] = (
            read_out @ layers.out_proj.bias.double() + model.read_out.bias.double()
        )
    return tables


def pack_model(model: RelationModel) -> dict[str, Any]:
    """Return the folded model as JSON can hold it."""
    heads = model.attention.num_heads
    packed = {
        name: pack_in_steps(numbers, bytes_each=BYTES[name])
        for name, numbers in fold(model).items()
    }
    return {
        "heads": heads,
        "size": model.attention.d_model // heads,
        "words": model.words.size(0),
        "positions": LONGEST,
        "longest": LONGEST,
        "vocabulary": [[KINDS[kind], words] for kind, words in WORDS.items()],
        **packed,
    }
