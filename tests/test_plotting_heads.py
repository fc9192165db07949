"""Matrices, attention and heads: the numbers are the data, the colours one scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from torch.testing import assert_close

from nnbasics import plotting
from nnbasics._table import Table, tables_of
from nnbasics.plotting.style import BLUE, GREEN, MUTED, ORANGE

ALT = "What the figure shows."
TOKENS = ["the", "cat", "sat", "on", "mats"]
SCORES = torch.randn(16, 5, 5, generator=torch.Generator().manual_seed(0))
WEIGHTS = (2 * SCORES).softmax(dim=-1)


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def texts_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def ticks_of(axes: Axes) -> tuple[list[str], list[str]]:
    """Return the words beside the rows and those below the columns."""
    rows, columns = axes.get_yticklabels(), axes.get_xticklabels()
    return [tick.get_text() for tick in rows], [tick.get_text() for tick in columns]


def panels_on_scale(
    figure: Figure, lowest: float, highest: float
) -> dict[str, torch.Tensor]:
    """Return the numbers of heatmaps by title; they share a scale and a colour bar."""
    *panels, bar = figure.axes
    assert bar.get_label() == "<colorbar>"
    numbers: dict[str, Any] = {}
    for axes in panels:
        if axes.axison:
            (mesh,) = (part for part in axes.collections if isinstance(part, QuadMesh))
            assert mesh.get_clim() == pytest.approx((lowest, highest))
            assert mesh.get_cmap().name == "viridis"
            assert axes.yaxis_inverted()  # the first row is on top
            numbers[axes.get_title()] = torch.as_tensor(mesh.get_array())
    return numbers


def test_a_matrix_with_blocked_cells() -> None:
    figure = plotting.plot_matrix(
        torch.tensor([[2.0, -torch.inf, 5.0], [-1.0, 0.5, torch.nan]]),
        rows=["a", "b"],
        columns=["c", "d", "e"],
        alt=ALT,
        ylabel="row",
        xlabel="column",
        colour_label="score",
        number_format=".1f",
    )
    axes, bar = figure.axes
    assert texts_of(axes) == ["2.0", "5.0", "-1.0", "0.5"]
    assert panels_on_scale(figure, -1.0, 5.0).keys() == {""}
    assert ticks_of(axes) == (["a", "b"], ["c", "d", "e"])
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("row", "column")
    assert bar.get_ylabel() == "score"
    rows = [["a", "2.0", "-inf", "5.0"], ["b", "-1.0", "0.5", "nan"]]
    assert tables_of(figure) == [Table("score", ["row", "c", "d", "e"], rows)]


def test_the_labels_and_the_scale_of_attention_weights() -> None:
    figure = plotting.plot_attention(WEIGHTS[0], TOKENS, alt=ALT)
    axes, bar = figure.axes
    assert texts_of(axes) == [f"{weight:.2f}" for weight in WEIGHTS[0].flatten()]
    assert_close(panels_on_scale(figure, 0.0, 1.0)[""], WEIGHTS[0])
    assert ticks_of(axes) == (TOKENS, TOKENS)
    assert axes.get_ylabel() == "query (attending from)"
    assert axes.get_xlabel() == "key (attending to)"
    assert bar.get_ylabel() == "attention weight"


@pytest.mark.parametrize(("letters", "degrees"), [(36, 0), (37, 45)])
def test_long_labels_are_turned(letters: int, degrees: float) -> None:
    columns = ["x" * letters]
    figure = plotting.plot_matrix(torch.eye(1), rows="a", columns=columns, alt=ALT)
    (label,) = figure.axes[0].get_xticklabels()
    assert label.get_rotation() == degrees


@pytest.mark.parametrize("num_heads", [1, 2, 7])
def test_each_panel_holds_its_head(num_heads: int) -> None:
    heads = {f"head {head}": WEIGHTS[head] for head in range(num_heads)}
    figure = plotting.plot_heads(heads, TOKENS, alt=ALT)
    assert_close(panels_on_scale(figure, 0.0, 1.0), heads)
    for head, axes in zip(range(num_heads), figure.axes, strict=False):
        # the rows are named in the first column only
        assert ticks_of(axes) == ([] if head % 2 else TOKENS, TOKENS)
    tables = tables_of(figure)
    assert len(tables) == num_heads
    assert tables[0].caption == "head 0, attention weight"
    assert tables[0].head == ["query", *TOKENS]
    row = [f"{weight:.2f}" for weight in WEIGHTS[0, 4].tolist()]
    assert tables[0].rows[4] == ["mats", *row]


def test_the_numbers_are_the_weights_of_their_cells() -> None:
    # .00 would be written where there is less than 0.005
    head = torch.tensor([[0.004, 0.996], [0.126, 0.874]])
    figure = plotting.plot_heads({"head": head}, ["a", "b"], alt=ALT)
    written = {text.get_position(): text.get_text() for text in figure.axes[0].texts}
    assert written == {(1.5, 0.5): "1.0", (0.5, 1.5): ".13", (1.5, 1.5): ".87"}


@pytest.mark.parametrize("num_heads", [2, 7])
def test_two_models_stand_left_and_right(num_heads: int) -> None:
    models = {"random": WEIGHTS[:num_heads], "trained": WEIGHTS[-num_heads:]}
    figure = plotting.plot_heads_compared(models, TOKENS, alt=ALT)
    numbers = panels_on_scale(figure, 0.0, 1.0)
    assert len(numbers) == 2 * num_heads
    for name, weights in models.items():
        for head in range(num_heads):
            assert_close(numbers[f"{name} {head}"], weights[head])
    row = figure.axes[:4]
    titles = ["random 0", "random 1", "trained 0", "trained 1"]
    assert [axes.get_title() for axes in row] == titles
    lefts = [axes.get_position().x0 for axes in row]
    assert lefts == sorted(lefts)
    assert ticks_of(figure.axes[0]) == (TOKENS, [])


def test_the_inputs_of_heads_share_one_scale() -> None:
    effects = {"first": torch.rand(3, 7), "second": 2 + torch.rand(3, 7)}
    figure = plotting.plot_head_inputs(effects, alt=ALT)
    numbers = panels_on_scale(figure, 0.0, effects["second"].max().item())
    assert_close(numbers, effects)
    first, second, bar = figure.axes
    assert ticks_of(first)[0] == ["0", "1", "2"]
    assert first.get_ylabel() == second.get_ylabel() == "head"
    assert second.get_xlabel() == "feature of the input"
    assert bar.get_ylabel() == "change of the head's output (largest: 1)"


def test_numbers_that_are_split_keep_the_colour_of_their_column() -> None:
    x = torch.arange(1, 13).reshape(3, 4)
    figure = plotting.plot_split_heads(x, 2, ["the", "cat", "sat"], alt=ALT)
    (axes,) = figure.axes
    by_column, by_head = list(range(1, 13)), [1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12]
    numbers = [text for text in axes.texts if text.get_text().isdigit()]
    written = [int(number.get_text()) for number in numbers]
    assert written == by_column + by_head + by_column
    cells: list[Any] = list(axes.patches)
    for number, text, cell in zip(written, numbers, cells, strict=True):
        colour = BLUE if (number - 1) % 4 < 2 else ORANGE
        assert to_hex(cell.get_facecolor()) == to_hex(cell.get_edgecolor()) == colour
        assert text.get_position() == pytest.approx(tuple(cell.get_center()))
    assert Counter(text for text in texts_of(axes) if not text.isdigit()) == {
        **dict.fromkeys(["before", "split", "view alone"], 1),
        **dict.fromkeys(["head 0", "head 1"], 3),
        **dict.fromkeys(["the", "cat", "sat"], 5),
    }


def test_a_layer_has_its_shapes_and_one_colour_for_each_head() -> None:
    (axes,) = plotting.plot_layer(5, 21, 3, alt=ALT).axes
    boxes = ["input", "queries", "keys", "values", "side by side", "output"]
    steps = ["1 project", "2 split", "4 concatenate", "5 project once more"]
    heads = [f"3 attend\nhead {head}, 5 × 7" for head in range(3)]
    texts = {text for text in texts_of(axes) if text}
    assert texts == {*(f"{box}, 5 × 21" for box in boxes), *steps, *heads}
    stripes = [to_hex(box.get_facecolor()) for box in axes.patches if box.get_fill()]
    # queries, keys and values; then the heads; then side by side
    three = [BLUE, ORANGE, GREEN]
    assert stripes == three * 3 + three + three
    drawn: list[Any] = list(axes.texts)
    arrows = [to_hex(t.arrow_patch.get_edgecolor()) for t in drawn if not t.get_text()]
    # a head takes from queries, keys and values, and hands on what it made of them
    assert Counter(arrows) == {**dict.fromkeys(three, 3 + 1), MUTED: 3 + 1}
