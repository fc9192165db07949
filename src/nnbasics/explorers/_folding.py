"""A relation model, folded into the fewest numbers that give the same answers.

A page has to hold the layer, and it must stay small. The 28 words and 12 positions are
projected beforehand: a table of projected vectors is shorter than the matrices. The
output projection and the read-out, two matrices with nothing between them, become one.

The letters in the shape comments: ``words`` of the vocabulary, ``positions``,
``d_model``, and ``answers``, the number of questions times that of words.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nnbasics.experiments.relations import RelationModel
from nnbasics.experiments.toy_language import WORDS
from nnbasics.explorers._packing import pack_in_steps

__all__ = ["fold", "pack_model"]

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
# The weights of a softmax show small differences; the answers do not need so much.
BYTES = {"query": 3, "key": 3, "value": 2, "answer": 2, "answer_bias": 3}


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
