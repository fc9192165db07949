"""A seed decides how a model starts and is trained; the rates are those documented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Generator, nn

from nnbasics.experiments import (
    BitModel,
    BlockStack,
    FactModel,
    FeedForwardStack,
    InductionModel,
    LanguageModel,
    LookBackModel,
    RelationModel,
    sample_sentences,
    train_bits,
    train_facts,
    train_induction,
    train_language,
    train_look_back,
    train_relations,
    train_stack,
    xor_with_the_bit_before,
)

Make = Callable[[Generator], nn.Module]
MODELS: dict[str, Make] = {
    "bits": lambda g: BitModel(3, 4, 5, generator=g),
    "looked-at bits": lambda g: BitModel(1, 4, looks_at_bits=True, generator=g),
    "facts": lambda g: FactModel(4, 3, 2, 5, generator=g),
    "places learned": lambda g: LookBackModel("learned", 2, generator=g),
    "places turned": lambda g: LookBackModel("rotary", generator=g),
    "copies": lambda g: InductionModel(2, generator=g),
    "copies, learned": lambda g: InductionModel(1, positions="learned", generator=g),
    "texts": lambda g: LanguageModel(2, generator=g),
    "relations": lambda g: RelationModel(4, 1, 8, generator=g),
    "a feed-forward stack": lambda g: FeedForwardStack("norm before", 2, generator=g),
    "a stack of blocks": lambda g: BlockStack("norm after", 2, generator=g),
}
SENTENCES = sample_sentences(9, Generator().manual_seed(0))
BITS, DIFFERS = xor_with_the_bit_before(4)
# With each the training, for so many steps, and how far it moves a number at first:
# Adam's first step is as long as the rate.
TRAININGS: dict[str, tuple[Callable[[Any, Generator, int], object], float]] = {
    "looked-at bits": (lambda m, g, n: train_bits(m, BITS, DIFFERS, g, n), 0.005),
    "facts": (lambda m, g, n: train_facts(m, torch.arange(4) % 3, n), 0.02),
    "places learned": (lambda m, g, n: train_look_back(m, 1, g, steps=n), 0.01),
    "copies": (lambda m, g, n: train_induction(m, g, steps=n)[0], 0.015 / 50),
    "texts": (lambda m, g, n: train_language(m, SENTENCES, g, n), 0.01),
    "relations": (lambda m, g, n: train_relations(m, SENTENCES, g, steps=n), 0.01),
    "a feed-forward stack": (
        lambda m, g, n: train_stack(m, g, rate=0.03, warm_up=2, steps=n).losses,
        0.015,
    ),
}


def start(name: str, seed: int) -> tuple[Any, Generator]:
    generator = Generator().manual_seed(seed)
    return MODELS[name](generator), generator


@pytest.mark.parametrize("name", MODELS)
def test_a_seed_gives_one_model_and_another_seed_another(name: str) -> None:
    before = torch.get_rng_state()
    first, again, other = (start(name, seed)[0].state_dict() for seed in (3, 3, 4))
    assert torch.get_rng_state().equal(before)
    for part, numbers in first.items():
        assert numbers.equal(again[part])
        fixed = bool(((numbers == 0) | (numbers == 1)).all())  # gains and biases
        assert numbers.equal(other[part]) == fixed, part


@pytest.mark.parametrize("name", ["places learned", "copies, learned"])
def test_learned_places_are_parameters(name: str) -> None:
    model, _ = start(name, 0)
    assert "positions" in dict(model.named_parameters())


@pytest.mark.parametrize("name", TRAININGS)
def test_a_seed_gives_one_training_which_begins_with_the_rate(name: str) -> None:
    train, moved = TRAININGS[name]
    (model, generator), (again, same) = start(name, 3), start(name, 3)
    random = torch.get_rng_state()
    before = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    train(model, generator, 1)
    after = nn.utils.parameters_to_vector(model.parameters())
    assert (after - before).abs().max().item() == pytest.approx(moved, rel=0.05)
    train(again, same, 1)
    assert train(model, generator, 3) == train(again, same, 3)
    assert torch.get_rng_state().equal(random)


def test_rates_rise_and_fall_as_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    rates: list[float] = []
    step = torch.optim.AdamW.step

    def noted(optimizer: torch.optim.AdamW) -> None:
        rates.append(optimizer.param_groups[0]["lr"])
        step(optimizer)

    monkeypatch.setattr(torch.optim.AdamW, "step", noted)
    train_induction(*start("copies", 0), steps=120, periods=[2])
    rising_then_falling = [min((n + 1) / 50, 1, 2 - n / 60) for n in range(120)]
    assert rates == pytest.approx([0.015 * part for part in rising_then_falling])
    rates.clear()
    model, generator = start("texts", 0)
    train_language(model, SENTENCES, generator, 4)
    assert rates == pytest.approx([0.01, 0.0075, 0.005, 0.0025])
