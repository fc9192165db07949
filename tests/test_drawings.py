"""Every figure can be read, in its light form and in its dark one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

from legibility import faults
from nnbasics import XORNetwork, causal_mask, plotting

TOKENS = ["the", "cat", "sat"]
# 32 letters: labels are slanted if there are more than 36
NUMBERS = ["first", "two", "three", "four", "fifth", "sixth", "seven"]


def table(*size: int) -> Tensor:
    """Return numbers that differ, from -1 to 1."""
    count = torch.Size(size).numel()
    return torch.linspace(-1, 1, count).roll(count // 3).view(*size)


def weights(*size: int) -> Tensor:
    """Return numbers that differ, and whose rows have the sum 1."""
    return torch.softmax(3 * table(*size), dim=-1)


def heads(count: int, length: int) -> dict[str, Tensor]:
    return {f"head {n}": one for n, one in enumerate(weights(count, length, length))}


def network(hidden_size: int = 4, largest: float = 5.0) -> XORNetwork:
    """Return a network with numbers of both signs and several sizes."""
    made = XORNetwork(hidden_size=hidden_size)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.copy_(largest * table(*parameter.shape))
    return made


def slope(x: Tensor) -> Tensor:
    """Answer from 0 on the left to 1 on the right."""
    return torch.sigmoid(4 * x[:, :1] - 2)


def same(x: Tensor) -> Tensor:
    """Answer the same everywhere."""
    return torch.full_like(x[:, :1], 0.2)


def given(*arguments: Any, **named: Any) -> tuple[Any, Any]:
    return arguments, named


CURVE_LABELS = {"xlabel": "epoch", "ylabel": "loss"}
X = torch.tensor([1.0, 0.0])
CASES = {
    "plot_curves": [
        given({"loss": [1.0, 0.1, 0.01]}, **CURVE_LABELS),
        given(
            {"rate 1": [4.0, 2.0, 1.0, 0.5], "rate 2": [3.0, 0.3, 0.1, 0.2]},
            x=[1, 10, 100, 1000],
            log_x=True,
            log_y=True,
            markers=True,
            **CURVE_LABELS,
        ),
    ],
    "plot_bars": [
        given(
            {"0.5": 0, "a longer label": 0.12345, "twelve chars": 1e-7}, **CURVE_LABELS
        )
    ],
    "plot_forward_pass": [
        given(network(), X),
        given(network(1, largest=10.0), X),
        given(network(5, largest=18.0), X),
    ],
    "plot_decision_boundaries": [
        given({"same": same}),
        given({"slope": slope, "network": network()}),
        given({"one": same, "two": slope, "three": same}),
    ],
    "animate_decision_boundary": [
        given({"start": slope, "end": network()}),
        given({"start": same}),
    ],
    "plot_hidden_space": [
        given(torch.sigmoid(2 * table(4, 2)), torch.tensor([2.0, -3.0]), X.sum() / 2)
    ],
    "plot_matrix": [
        given(table(2, 3), rows=["one", "two"], columns=TOKENS),
        given(
            torch.where(causal_mask(3), 2 * table(3, 3), -torch.inf),
            rows=TOKENS,
            columns=["one", "two", "a long column"],
            ylabel="query",
            xlabel="key",
            colour_label="score",
            limits=(-2.0, 2.0),
            number_format=".1f",
        ),
        given(table(2, 8), rows=["one", "two"], columns=[*NUMBERS, "eigh"]),
        given(table(2, 8), rows=["one", "two"], columns=[*NUMBERS, "eight"]),
    ],
    "plot_attention": [given(weights(3, 3) * causal_mask(3), TOKENS)],
    "plot_heads": [
        given(heads(3, 3), TOKENS),
        given({"every weight": torch.linspace(0.005, 1, 25).view(5, 5)}, NUMBERS[:5]),
        given(heads(1, 6), NUMBERS[:6]),
        given(heads(1, 7), NUMBERS),
    ],
    "plot_heads_compared": [
        given({"before": weights(4, 3, 3), "after": weights(4, 3, 3).flip(0)}, TOKENS)
    ],
    "plot_head_inputs": [
        given({"all": table(2, 6), "mine": table(2, 6).abs(), "none": X.expand(3, 2)})
    ],
    "plot_split_heads": [given(torch.arange(12).view(3, 4), 2, TOKENS)],
    "plot_layer": [given(3, 4, 2), given(6, 32, 4)],
}
FIGURES = [
    (name, number) for name, cases in CASES.items() for number in range(len(cases))
]


def drawn(name: str, number: int) -> Figure:
    """Draw a case, of an animation the last frame."""
    arguments, named = CASES[name][number]
    made = getattr(plotting, name)(*arguments, **named)
    if isinstance(made, Figure):
        return made
    made._func(len(arguments[0]) - 1)
    return plt.gcf()


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_every_function_that_draws_is_looked_at() -> None:
    assert CASES.keys() == set(plotting.__all__)


@pytest.mark.parametrize(("name", "number"), FIGURES)
def test_a_figure_can_be_read(name: str, number: int) -> None:
    assert faults(drawn(name, number)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"fontsize": 4}, "is too small"),
        ({"position": (10.0, 5.6), "in_layout": False}, "leaves the canvas"),
        ({"position": (5.4, 0.0)}, "meets 'output, 3 × 4'"),
        ({"color": "#bbbbbb"}, "is pale"),
        ({"color": "#666666"}, "is pale when dark"),
    ],
)
def test_a_text_that_cannot_be_read_is_noticed(
    change: dict[str, Any], fault: str
) -> None:
    figure = plotting.plot_layer(3, 4, 2)
    texts = {text.get_text(): text for text in figure.axes[0].texts}
    texts["output, 3 × 4"].set(**change)
    assert any(fault in found for found in faults(figure))
