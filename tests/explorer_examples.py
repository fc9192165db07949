"""Interactive figures for the tests, each with a model that has learned something."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from nnbasics import train_xor, xor_network_from_seed
from nnbasics.explorers import AttentionExplorer, HeadExplorer, XORPlayground
from nnbasics.explorers._element import Explorer
from nnbasics.questions import QUESTIONS, sample_questions
from nnbasics.relations import RelationModel, train_relations
from nnbasics.sentences import as_sentence
from nnbasics.specialisation import (
    ablation_of_all_sets,
    attention_mass,
    roles_of_heads,
)
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
def relation_model() -> tuple[RelationModel, dict[str, Tensor], Tensor, list[str]]:
    """Return the model of the lesson, weights on the way, ablations and roles."""
    data = torch.Generator().manual_seed(1)
    training = sample_questions(3000, data)
    test = sample_questions(100, data, salad=0.0)
    generator = torch.Generator().manual_seed(0)
    model = RelationModel(8, 5, 64, generator=generator)
    kept: dict[str, Tensor] = {}

    def keep(step: int) -> None:
        if step in (0, 50, 75, 100, 150):
            kept[f"step {step}"] = model.attend(as_sentence(TOKENS, 5))[0].detach()

    train_relations(
        model,
        training,
        generator,
        steps=300,
        batch_size=32,
        weight_decay=0.1,
        before_step=keep,
    )
    model.requires_grad_(False)
    roles = roles_of_heads(attention_mass(model.attend(test), test), QUESTIONS)
    return model, kept, ablation_of_all_sets(model, test), roles


def head_explorer() -> HeadExplorer:
    """Return an explorer with all that it can show."""
    model, kept, ablations, roles = relation_model()
    return HeadExplorer(
        TOKENS,
        model.attend(as_sentence(TOKENS, 5))[0],
        roles,
        snapshots=kept,
        model=model,
        questions=QUESTIONS,
        ablations=ablations,
    )


EXAMPLES: dict[str, Callable[[], Explorer]] = {
    "xor-playground": playground,
    "attention-explorer": attention_explorer,
    "head-explorer": head_explorer,
}
