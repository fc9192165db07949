"""Models of bits and of facts: their data, their parts, and how training goes."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from nnbasics import xor_dataset
from nnbasics.experiments import (
    CAPITALS,
    BitModel,
    FactModel,
    facts_that_hold,
    train_bits,
    train_facts,
    xor_with_the_bit_before,
)
from seeds import facts, xor_of_neighbours, xor_of_one_word


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# -- bits


def test_every_sequence_and_its_answers() -> None:
    bits, targets = xor_with_the_bit_before(5)
    rows = [tuple(row) for row in bits.squeeze(-1).int().tolist()]
    assert len(set(rows)) == len(rows) == 32
    for row, answers in zip(rows, targets.tolist(), strict=True):
        assert answers == [row[place] ^ row[place - 1] for place in range(1, 5)]


def test_a_bit_model_computed_step_by_step() -> None:
    bits, _ = xor_with_the_bit_before(3)
    for looks_at_bits in (False, True):
        model = BitModel(1, 3, 7, looks_at_bits=looks_at_bits, generator=seeded())
        x = model.embedding(bits) + model.positions
        looks = x if looks_at_bits else model.positions.repeat(8, 1, 1)
        gathered, _ = model.attention(looks, looks, x)
        expected = model.read_out(model.feed_forward(gathered))[..., 0]
        assert_close(model(bits), expected)
    assert isinstance(BitModel(1, 3, generator=seeded()).feed_forward, nn.Identity)


def test_without_a_feed_forward_network_bits_pass_as_an_affine_map() -> None:
    model = BitModel(2, 1, generator=seeded())
    inputs, _ = xor_dataset()
    outputs = model(inputs.unsqueeze(1)).flatten()
    assert_close(outputs[0] + outputs[3], outputs[1] + outputs[2])
    bits, _ = xor_with_the_bit_before(4)
    outputs = BitModel(1, 4, generator=seeded())(bits)  # numbers 0 to 15, in binary
    assert_close(outputs[0b0000] + outputs[0b0110], outputs[0b0010] + outputs[0b0100])


def test_the_last_positions_are_asked() -> None:
    model, bits = BitModel(1, 3, generator=seeded()), torch.zeros(1, 3, 1)
    targets = torch.tensor([[1.0, 0.0]])
    expected = nn.functional.binary_cross_entropy_with_logits(
        model(bits)[:, 1:], targets
    ).item()
    (loss,) = train_bits(model, bits, targets, seeded(), steps=1)
    assert loss == pytest.approx(expected)


# -- facts


def test_the_facts_are_words_and_no_two_alike() -> None:
    words = [*CAPITALS, *CAPITALS.values()]
    assert len(CAPITALS) == 32
    assert len(set(words)) == 64
    assert all(word.isalpha() and word.istitle() for word in words)


def test_only_the_feed_forward_network_is_trained() -> None:
    model = FactModel(5, 3, d_model=9, d_hidden=7, generator=seeded())
    before = {name: p.clone() for name, p in model.named_parameters()}
    train_facts(model, torch.tensor([0, 1, 2, 0, 1]), steps=3)
    changed = {n for n, p in model.named_parameters() if not p.equal(before[n])}
    assert changed == {n for n in before if n.startswith("feed_forward")}
    assert_close(model.embedding.weight.norm(dim=-1), torch.full((5,), 3.0))
    assert_close(model.unembedding.weight.norm(dim=-1), torch.ones(3))


def test_a_loss_is_the_cross_entropy_of_all_facts() -> None:
    model = FactModel(5, 3, d_model=4, d_hidden=7, generator=seeded())
    answers = torch.tensor([2, 1, 2, 0, 1])
    shares = model(torch.arange(5)).log_softmax(dim=-1)
    expected = -sum(shares[i, answer] for i, answer in enumerate(answers)) / 5
    (loss,) = train_facts(model, answers, steps=1)
    assert loss == pytest.approx(expected.item())


def test_units_that_are_off_worked_out_by_hand() -> None:
    """Unit i fires for subject i alone, and points at its answer."""
    model = FactModel(3, 3, d_model=3, d_hidden=3, generator=seeded())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.eye(3) if parameter.dim() == 2 else torch.zeros(3))
        model.feed_forward.linear2.bias.copy_(torch.tensor([0.5, 0, 0]))
    answers = torch.tensor([0, 1, 2])
    assert facts_that_hold(model, answers).tolist() == [True, True, True]
    # what is left is the bias, which points at answer 0
    assert facts_that_hold(model, answers, [0]).tolist() == [True, True, True]
    assert facts_that_hold(model, answers, [1]).tolist() == [True, False, True]
    assert facts_that_hold(model, answers, [1, 2]).tolist() == [True, False, False]


# -- how training goes: the bounds leave room for other machines, and twenty seeds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_is_learned_with_and_without_a_feed_forward_network(seed: int) -> None:
    assert xor_of_one_word(None, seed) <= 0.75
    assert xor_of_one_word(64, seed) == 1
    assert xor_of_neighbours(None, seed) < 0.6
    assert xor_of_neighbours(64, seed) > 0.99
    assert xor_of_neighbours(None, seed, looks_at_bits=True) > 0.75
    held = [facts(d_hidden, seed) for d_hidden in (None, 4, 8, 16)]
    assert held[0] < 22
    assert 10 < held[1] < 27
    assert held[2] > 26
    assert held[3] == 32
