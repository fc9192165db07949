"""Interactive figures for the tests, each with a model that has learned something."""

from __future__ import annotations

import base64
import copy
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnbasics import train_xor, xor_network_from_seed
from nnbasics.experiments import (
    CAPITALS,
    VOCABULARY,
    DepthRun,
    FactModel,
    InductionModel,
    LabelledSentences,
    RelationModel,
    as_sentence,
    encode,
    repeated_tokens,
    sample_questions,
    train_facts,
    train_induction,
    train_relations,
)
from nnbasics.explorers import (
    AttentionExplorer,
    DepthExplorer,
    FactExplorer,
    HeadExplorer,
    InductionExplorer,
    RotationExplorer,
    XORPlayground,
)
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import BYTES, Packed, fold, pack_in_steps
from nnbasics.xor import TrainingHistory

TOKENS = ["the", "dog", "chased", "the", "cat", "near", "the", "tree"]


@cache
def xor_history() -> TrainingHistory:
    """Return the run of the lesson."""
    network = xor_network_from_seed(42)
    return train_xor(network, 10.0, snapshot_epochs=range(0, 1001, 50))


def playground() -> XORPlayground:
    """Return a playground with the run of the lesson."""
    return XORPlayground(xor_history())


def attention_explorer(
    tokens: list[str] | None = None, d_k: int = 8, d_v: int = 5
) -> AttentionExplorer:
    """Return an explorer of random vectors."""
    tokens = tokens or ["the", "cat", "sat", "on", "the", "mat"]
    generator = torch.Generator().manual_seed(0)
    query, key = torch.randn(2, len(tokens), d_k, generator=generator)
    value = torch.randn(len(tokens), d_v, generator=generator)
    return AttentionExplorer(tokens, query, key, value)


@cache
def relation_model() -> tuple[RelationModel, dict[str, Tensor], LabelledSentences]:
    """Return a model trained like the lesson's, weights on the way, and a test set."""
    data = torch.Generator().manual_seed(1)
    training = sample_questions(1000, data)
    test = sample_questions(50, data, salad=0.0)
    generator = torch.Generator().manual_seed(0)
    model = RelationModel(8, 5, 64, generator=generator)
    kept: dict[str, Tensor] = {}
    for name, steps in {"untrained": 60, "step 60": 100}.items():
        kept[name] = model.attend(as_sentence(TOKENS, 5))[0].detach()
        train_relations(model, training, generator, steps=steps, batch_size=32)
    model.requires_grad_(False)
    return model, kept, test


def unpack(packed: Packed) -> Tensor:
    """Do what the script does."""
    raw = base64.b64decode(packed["packed"])
    if not packed["step"]:
        return torch.tensor(np.frombuffer(raw, "<f4").copy())
    if packed["bytes"] == 1.5:  # three hexadecimal digits each
        digits = raw.hex()
        found = [
            int(digits[place : place + 3], 16) for place in range(0, len(digits), 3)
        ]
        whole = [number - (number > 2047) * 4096 for number in found]
    else:
        whole = np.frombuffer(raw, f"<i{packed['bytes']}").tolist()
    return torch.tensor(whole, dtype=torch.float64) * packed["step"]


@cache
def folded_model(in_steps: bool) -> dict[str, Tensor]:
    """Return the folded model; with `in_steps` rounded to what a page gets."""
    tables = fold(relation_model()[0])
    if not in_steps:
        return tables
    return {
        name: unpack(pack_in_steps(table, bytes_each=BYTES[name])).view_as(table)
        for name, table in tables.items()
    }


def run_folded(
    words: list[str], on: Sequence[bool] = (True,) * 8, *, in_steps: bool
) -> tuple[Tensor, Tensor]:
    """Run the folded model in float64: its weights and logits."""
    tables = folded_model(in_steps)
    numbers, length = encode(words), len(words)
    first = len(VOCABULARY)  # behind the words stand the positions
    query, key = (
        (tables[name][numbers] + tables[name][first : first + length])
        .view(length, 8, 8)
        .transpose(0, 1)
        for name in ("query", "key")
    )  # (heads, length, d_head)
    weights = (query @ key.mT / 8**0.5).softmax(dim=-1)
    value = tables["value"][numbers].view(length, 8, 8).transpose(0, 1)
    kept = torch.tensor(on).view(8, 1, 1)
    mixed = (weights @ value * kept).transpose(0, 1).flatten(1)  # (length, d_model)
    logits = mixed @ tables["answer"].T + tables["answer_bias"]
    return weights, logits.view(length, 5, -1)


@cache
def head_explorer() -> HeadExplorer:
    """Return an explorer with all that it can show."""
    model, kept, test = relation_model()
    return HeadExplorer(TOKENS, model, test, kept)


def rotation_explorer(size: int = 8, base: float = 10000.0) -> RotationExplorer:
    """Return an explorer of a random query and key."""
    generator = torch.Generator().manual_seed(3)
    query, key = torch.randn(2, size, generator=generator)
    return RotationExplorer(query, key, base)


@cache
def fact_explorer() -> FactExplorer:
    """Return an explorer of a memory that is just full."""
    generator = torch.Generator().manual_seed(0)
    count = len(CAPITALS)
    model = FactModel(count, count, d_model=8, d_hidden=16, generator=generator)
    train_facts(model, torch.arange(count))
    return FactExplorer(model, list(CAPITALS), list(CAPITALS.values()))


def depth_run(**changes: Any) -> DepthRun:
    """Return a training that was never made, with 130 steps."""
    settings = {"task": "parity", "order": "plain", "depth": 4, "rate": 0.003}
    losses = [0.7 * math.exp(-step / 25) for step in range(130)]
    came_out = {"losses": losses, "accuracy": 1.0, "gradients": [1e-3, 1e-2, 0.1, 0.5]}
    return DepthRun(**{**settings, "warm_up": 0, **came_out, **changes})


def depth_explorer() -> DepthExplorer:
    """Return an explorer of two tasks that differ in what was varied."""
    faint = [10.0 ** (layer - 22) for layer in range(16)]
    losses = [0.7, 0.7, 600.0] * 2 + [0.7] * 124  # off the scale of the others
    failed = {"depth": 16, "losses": losses, "accuracy": 0.5, "gradients": faint}
    reverse = {"task": "reverse", "order": "norm after", "losses": [2.8, 2.9, 2.7]}
    parity = [{}, failed, {"order": "residual", "depth": 16}]
    settings = [{"rate": 0.005}, {"rate": 0.01}, {"rate": 0.01, "warm_up": 60}]
    made = [*parity, *({**reverse, **setting} for setting in settings)]
    return DepthExplorer([depth_run(**changes) for changes in made])


@cache
def induction_explorer() -> InductionExplorer:
    """Return an explorer of a model that has begun to copy."""
    generator = torch.Generator().manual_seed(0)
    watched = repeated_tokens(1, 6, generator)[0]
    model = InductionModel(2, generator=generator)
    _, moments = train_induction(model, generator, steps=150, watched=watched)
    return InductionExplorer(model, watched, moments)


def run_packed(
    tokens: list[int], off: Sequence[tuple[int, int]] = ()
) -> tuple[Tensor, Tensor]:
    """Run the model in float64 with the page's numbers: its weights and logits."""
    figure = induction_explorer()
    model, packed = copy.deepcopy(figure.model).double(), figure.data()["model"]
    with torch.no_grad():
        for name, numbers in model.state_dict().items():
            numbers.copy_(unpack(packed[name]).view_as(numbers))
        logits, weights = model(torch.tensor([tokens]), off)
    return torch.cat(weights), logits[
        0
    ]  # (layers, heads, length, length), (length, 24)


EXAMPLES: dict[str, Callable[[], Explorer]] = {
    "xor-playground": playground,
    "attention-explorer": attention_explorer,
    "head-explorer": head_explorer,
    "rotation-explorer": rotation_explorer,
    "fact-explorer": fact_explorer,
    "depth-explorer": depth_explorer,
    "induction-explorer": induction_explorer,
}
