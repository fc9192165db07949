"""Figures held against stored drawings: nothing in them moves unnoticed.

After a change that you want, renew the drawings, and look at the difference:

    RENEW_DRAWINGS=1 .venv/bin/pytest tests/test_drawings.py
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import XORNetwork, causal_mask, plotting
from nnbasics.plotting.data_table import DataTable, tables_of

STORED = Path(__file__).parent / "drawings"
# Text as text and no date; a number of the drawing is a 72nd of an inch.
SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "nnbasics"}
METADATA = {"Date": None, "Creator": None}
HASH = re.compile(r"\b[a-z][0-9a-f]{10}\b")
PICTURE = re.compile(r"data:image/png;base64,[^\"]*")
TAG = re.compile(r"<[^>]*>")
NUMBER = re.compile(r"-?\d+\.\d+(e-\d+)?")

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


def network(hidden_size: int = 4, largest: float = 5.0) -> XORNetwork:
    """Return a network with numbers of both signs and several sizes."""
    made = XORNetwork(hidden_size=hidden_size)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.copy_(largest * table(*parameter.shape))
    return made


class Slope(torch.nn.Module):
    """Answers from 0 on the left to 1 on the right."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(4 * x[:, :1] - 2)


class Same(torch.nn.Module):
    """Answers the same everywhere."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :1].square() * 0 + 0.2


def moved(frame: int) -> Figure:
    """Return a frame of an animation."""
    animation = plotting.animate_decision_boundary(
        {"start": Slope(), "end": network()}, alt="Two moments."
    )
    if frame:
        animation._draw_frame(frame)  # type: ignore[attr-defined]
    figure: Figure = animation._fig  # type: ignore[attr-defined]
    return figure


XOR = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
HEADS = {f"head {n}": one for n, one in enumerate(weights(3, 3, 3))}

DRAWINGS: dict[str, Callable[[], Figure]] = {
    "curves": lambda: plotting.plot_curves(
        {"rate 1": [4.0, 2.0, 1.0, 0.5], "rate 2": [3.0, 0.3, 0.1, 0.2]},
        x=[1, 10, 100, 1000],
        xlabel="epoch",
        ylabel="loss",
        alt="Two curves.",
        log_x=True,
        log_y=True,
        markers=True,
    ),
    "curve": lambda: plotting.plot_curves(
        {"loss": [1.0, 0.1, 0.01]}, xlabel="epoch", ylabel="loss", alt="A curve."
    ),
    "bars": lambda: plotting.plot_bars(
        {"0.5": 0, "a longer label": 0.12345, "twelve chars": 1e-7},
        xlabel="rate",
        ylabel="solved",
        alt="Bars.",
    ),
    "forward_pass": lambda: plotting.plot_forward_pass(
        network(), torch.tensor([0.0, 1.0]), alt="A network."
    ),
    "large_weights": lambda: plotting.plot_forward_pass(
        network(5, largest=18.0), torch.tensor([1.0, 0.0]), alt="Large weights."
    ),
    "small_network": lambda: plotting.plot_forward_pass(
        network(1, largest=10.0), torch.tensor([1.0, 0.5]), alt="One hidden unit."
    ),
    "decision_boundaries": lambda: plotting.plot_decision_boundaries(
        {"slope": Slope(), "network": network()}, alt="Two planes."
    ),
    "decision_boundary": lambda: plotting.plot_decision_boundaries(
        {"same": Same()}, alt="A plane of one colour."
    ),
    "three_planes": lambda: plotting.plot_decision_boundaries(
        dict.fromkeys(["one", "two", "three"], Same()), alt="Three planes."
    ),
    "animation_start": lambda: moved(0),
    "animation_end": lambda: moved(1),
    "hidden_space": lambda: plotting.plot_hidden_space(
        torch.sigmoid(2 * table(4, 2)),
        torch.tensor([2.0, -3.0]),
        torch.tensor(0.5),
        alt="Four points.",
    ),
    "matrix": lambda: plotting.plot_matrix(
        table(2, 3), rows=["one", "two"], columns=TOKENS, alt="A matrix."
    ),
    "matrix_with_labels": lambda: plotting.plot_matrix(
        torch.where(causal_mask(3), 2 * table(3, 3), -torch.inf),
        rows=TOKENS,
        columns=["one", "two", "a long column"],
        ylabel="query",
        xlabel="key",
        colour_label="score",
        limits=(-2.0, 2.0),
        number_format=".1f",
        alt="A masked matrix.",
    ),
    "wide_matrix": lambda: plotting.plot_matrix(
        table(2, 8), rows=["one", "two"], columns=[*NUMBERS, "eigh"], alt="Wide."
    ),
    "wide_matrix_with_long_labels": lambda: plotting.plot_matrix(
        table(2, 8), rows=["one", "two"], columns=[*NUMBERS, "eight"], alt="Slanted."
    ),
    "heads_of_six_words": lambda: plotting.plot_heads(
        {"head 0": weights(6, 6)}, NUMBERS[:6], alt="Six words."
    ),
    "heads_of_seven_words": lambda: plotting.plot_heads(
        {"head 0": weights(7, 7)}, NUMBERS, alt="Seven words."
    ),
    "attention": lambda: plotting.plot_attention(
        weights(3, 3) * causal_mask(3), TOKENS, alt="Attention."
    ),
    "heads": lambda: plotting.plot_heads(HEADS, TOKENS, alt="Three heads."),
    "heads_compared": lambda: plotting.plot_heads_compared(
        {"before": weights(4, 3, 3), "after": weights(4, 3, 3).flip(0)},
        TOKENS,
        alt="Four heads, twice.",
    ),
    "head_inputs": lambda: plotting.plot_head_inputs(
        {"all": table(2, 6), "mine": table(2, 6).abs(), "none": 0 * table(2, 6)},
        alt="Three layers.",
    ),
    "split_heads": lambda: plotting.plot_split_heads(
        torch.arange(12).view(3, 4), 2, TOKENS, alt="Two heads."
    ),
    "layer": lambda: plotting.plot_layer(3, 4, 2, alt="A layer."),
}


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def drawn(figure: Figure) -> str:
    """Return what a figure shows, without what differs between machines."""
    text = io.StringIO()
    with mpl.rc_context(SETTINGS):
        figure.savefig(text, format="svg", metadata=METADATA)
    svg = PICTURE.sub("data:,", text.getvalue())
    # A name is a hash of what it names, to the last digit.
    names: dict[str, str] = {}
    svg = HASH.sub(lambda name: names.setdefault(name[0], f"part-{len(names)}"), svg)
    svg = TAG.sub(lambda tag: NUMBER.sub(rounded, tag[0]), svg)
    tables = "\n".join(written(table) for table in tables_of(figure))
    return f"{svg}<!--\n{tables}\n-->\n"


def rounded(number: re.Match[str]) -> str:
    """Return a place or a size, to a tenth; what text says is left as it is."""
    return f"{float(number[0]):.1f}"


def written(table: DataTable) -> str:
    """Return a table of numbers that a figure carries, a line for each row."""
    rows = [(table.corner, table.columns), *table.rows]
    return "\n".join([table.caption, *(f"{label} | {cells}" for label, cells in rows)])


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_is_drawn_as_before(name: str) -> None:
    stored = STORED / f"{name}.svg"
    now = drawn(DRAWINGS[name]())
    if "RENEW_DRAWINGS" in os.environ:
        stored.parent.mkdir(exist_ok=True)
        stored.write_text(now, "utf-8")
    assert now.splitlines() == stored.read_text("utf-8").splitlines()


def test_every_function_that_draws_has_a_drawing() -> None:
    source = Path(__file__).read_text("utf-8")
    functions = [
        name for name in plotting.__all__ if name.startswith(("plot_", "anim"))
    ]
    for name in functions:
        assert f"plotting.{name}(" in source


def test_no_stored_drawing_is_left_over() -> None:
    assert {path.stem for path in STORED.iterdir()} == set(DRAWINGS)
