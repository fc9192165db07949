"""Models that name an earlier token: their parts, their training, and how it goes."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot
from torch.testing import assert_close

from nnbasics import rotate, sinusoidal_positions
from nnbasics.experiments import (
    SCHEMES,
    LookBackModel,
    accuracy_by_length,
    train_look_back,
)
from seeds import LENGTHS, look_back


def make(scheme: str, num_layers: int = 1) -> LookBackModel:
    generator = torch.Generator().manual_seed(0)
    return LookBackModel(scheme, num_layers, generator=generator)


def weights_of(model: LookBackModel, tokens: torch.Tensor) -> torch.Tensor:
    """Return attention weights as the definition of each scheme has them, by loops."""
    x = model.tokens[tokens] + model.positions[: len(tokens)]
    query, key, _ = model.layers[0](x).chunk(3, dim=-1)
    scores = torch.full((len(tokens), len(tokens)), -torch.inf)
    for i in range(len(tokens)):
        for j in range(i + 1):
            scores[i, j] = query[i] @ key[j] / len(query[i]) ** 0.5
            if model.scheme == "ALiBi":
                scores[i, j] = query[i] @ key[j] / 33**0.5 - 0.5 * (i - j)
    return scores.softmax(dim=-1)


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "rotary"])
def test_a_layer_computed_step_by_step(scheme: str) -> None:
    model = make(scheme)
    tokens = torch.tensor([3, 1, 4, 1, 5])
    with torch.no_grad():
        x = model.tokens[tokens] + model.positions[:5]
        value = model.layers[0](x).chunk(3, dim=-1)[2]
        expected = model.read_out(x + weights_of(model, tokens) @ value)
        assert_close(model(tokens[None])[0], expected)


@pytest.mark.parametrize("scheme", ["rotary", "ALiBi", "none"])
def test_what_is_read_depends_on_distances_alone(scheme: str) -> None:
    """Other tokens in front change nothing at a query that does not look at them."""
    model = make(scheme)
    query, key = torch.randn(2, 1, 5, 32, generator=torch.Generator().manual_seed(1))
    front = torch.zeros(1, 3, 32)
    near = model.place(query, key)
    later = model.place(torch.cat([front, query], 1), torch.cat([front, key], 1))
    far = [part[:, 3:] for part in later]
    scores, moved = (q @ k.transpose(1, 2) for q, k in (near, far))
    assert_close(moved - moved[..., :1], scores - scores[..., :1], atol=1e-4, rtol=0)


def test_positions_are_learned_or_fixed_or_zero() -> None:
    assert make("learned").positions.any()
    assert make("learned").positions.requires_grad
    for scheme in set(SCHEMES) - {"learned"}:
        assert not make(scheme).positions.requires_grad
    assert torch.equal(make("sinusoidal").positions, sinusoidal_positions(128, 32))
    assert not make("rotary").positions.any()
    x = torch.arange(160.0).view(1, 5, 32)
    assert_close(make("rotary").place(x, -x), (rotate(x), rotate(-x)))


class TwoBack(LookBackModel):
    """Names the token two places back, and at the first two places a wrong one."""

    def forward(self, tokens: Tensor) -> Tensor:
        """Name them."""
        named = torch.cat([tokens[:, :2] + 1, tokens[:, :-2]], dim=1) % 16
        return 100.0 * one_hot(named, 16) + 0 * self.read_out.bias


def test_answers_are_the_tokens_that_stood_there_where_any_did() -> None:
    model = TwoBack("none", generator=torch.Generator())
    assert accuracy_by_length(model, 2, [16, 128]).tolist() == [1, 1]
    assert accuracy_by_length(model, 3, [16]) < 0.2
    assert accuracy_by_length(model, "first", [16]) < 0.2
    (loss,) = train_look_back(model, 2, torch.Generator(), steps=1)
    assert loss < 1e-6  # the first two places are not asked


def test_a_step_asks_all_places_that_have_an_answer() -> None:
    generator = torch.Generator().manual_seed(3)
    length = int(torch.randint(6, 17, (), generator=generator))
    tokens = torch.randint(16, (32, length), generator=generator)
    logits = make("none")(tokens)
    first = tokens[:, :1].expand_as(tokens)
    cases: list[tuple[int | Literal["first"], Tensor, Tensor]] = [
        ("first", logits, first),
        (1, logits[:, 1:], tokens[:, :-1]),
    ]
    for which, asked, answers in cases:
        expected = cross_entropy(asked.flatten(0, 1), answers.flatten()).item()
        (loss,) = train_look_back(
            make("none"), which, generator.manual_seed(3), steps=1
        )
        assert loss == pytest.approx(expected)


def test_the_accuracy_of_a_model_is_the_same_at_each_call() -> None:
    shares = [accuracy_by_length(make("ALiBi"), 1, [16, 40]) for _ in range(2)]
    assert torch.equal(*shares)


# -- how training goes: the bounds leave room for other machines, and twenty seeds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_each_scheme_goes_on_as_the_lesson_says(seed: int) -> None:
    one = {
        scheme: dict(zip(LENGTHS, look_back(scheme, 1, seed).tolist(), strict=True))
        for scheme in SCHEMES
    }
    assert max(one["none"].values()) < 0.3
    assert min(one[scheme][16] for scheme in SCHEMES[1:]) > 0.75
    assert max(one["learned"][32], one["sinusoidal"][32]) < 0.2
    assert one["rotary"][20] > 0.95
    assert one["rotary"][128] < 0.6
    assert min(one["ALiBi"].values()) > 0.9
    rotary, alibi = (
        dict(zip(LENGTHS, look_back(scheme, 3, seed).tolist(), strict=True))
        for scheme in ("rotary", "ALiBi")
    )
    assert rotary[24] > 0.7
    assert max(alibi.values()) < 0.25


@pytest.mark.slow
def test_two_layers_find_the_first_token_without_positions_on_most_seeds() -> None:
    shares = [look_back("none", "first", seed, num_layers=2) for seed in range(3)]
    assert sum(bool(share.min() > 0.8) for share in shares) >= 2
    assert look_back("none", "first", 0).max() < 0.4
