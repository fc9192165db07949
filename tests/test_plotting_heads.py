"""Matrices, attention and heads: the numbers are the data, the colours one scale."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.testing import assert_close

from drawn import looks_of, panels_on_scale, sizes_of, texts_of, ticks_of
from nnbasics import plotting
from nnbasics._figure_tables import Table, tables_of
from nnbasics.plotting.style import WIDTH

pytestmark = pytest.mark.usefixtures("readable_figures")

TOKENS = ["the", "cat", "sat", "on", "mats"]
WEIGHTS = torch.randn(16, 5, 5, generator=torch.Generator().manual_seed(0)).softmax(-1)


def test_a_matrix_with_blocked_cells() -> None:
    matrix = torch.tensor([[2.0, -torch.inf, 5.0], [-1.0, 0.5, torch.nan]])
    labels: Any = {"ylabel": "row", "xlabel": "column", "colour_label": "score"}
    figure = plotting.plot_matrix(
        matrix.requires_grad_(), rows="ab", columns="cde", number_format=".1f", **labels
    )
    axes, bar = figure.axes
    assert texts_of(axes) == ["2.0", "5.0", "-1.0", "0.5"]
    assert panels_on_scale(figure, -1.0, 5.0).keys() == {""}
    assert ticks_of(axes) == [["a", "b"], ["c", "d", "e"]]
    assert looks_of(axes) == {"x": "column", "y": "row", "grid": ""}
    assert bar.get_ylabel() == "score"
    rows = [["a", "2.0", "-inf", "5.0"], ["b", "-1.0", "0.5", "nan"]]
    assert tables_of(figure) == [Table("score", ["row", "c", "d", "e"], rows)]


def test_what_rounds_to_zero_has_no_sign() -> None:
    figure = plotting.plot_matrix(torch.tensor([[-0.001, 1.0]]), rows="a", columns="bc")
    assert texts_of(figure.axes[0]) == ["0.00", "1.00"]
    assert tables_of(figure)[0].rows == [["a", "0.00", "1.00"]]


@pytest.mark.parametrize("side", [2, 3, 8])
def test_cells_are_flat_in_small_matrices_and_square_in_large_ones(side: int) -> None:
    words = ["x"] * side
    figure = plotting.plot_matrix(torch.eye(side), rows=words, columns=words)
    ((width, height),) = sizes_of(figure)
    assert height < 1.1 * width
    assert 0.8 * min(width, 0.9 * side) < height < 1.0 * side


def test_the_labels_and_the_scale_of_attention_weights() -> None:
    figure = plotting.plot_attention(WEIGHTS[0], TOKENS)
    axes, bar = figure.axes
    assert texts_of(axes) == [f"{weight:.2f}" for weight in WEIGHTS[0].flatten()]
    assert_close(panels_on_scale(figure, 0.0, 1.0)[""], WEIGHTS[0])
    assert ticks_of(axes) == [TOKENS, TOKENS]
    looks = {"x": "key (attending to)", "y": "query (attending from)", "grid": ""}
    assert looks_of(axes) == looks
    assert bar.get_ylabel() == "attention weight"


@pytest.mark.parametrize("num_heads", [1, 2, 7])
def test_each_panel_holds_its_head(num_heads: int) -> None:
    heads = {f"head {head}": WEIGHTS[head] for head in range(num_heads)}
    figure = plotting.plot_heads(heads, TOKENS)
    assert_close(panels_on_scale(figure, 0.0, 1.0), heads)
    for head, axes in zip(range(num_heads), figure.axes, strict=False):
        # the rows are named in the first column only
        assert ticks_of(axes) == [[] if head % 2 else TOKENS, TOKENS]
    tables = tables_of(figure)
    assert len(tables) == num_heads
    assert tables[0].caption == "head 0, attention weight"
    assert tables[0].head == ["query", *TOKENS]
    row = [f"{weight:.2f}" for weight in WEIGHTS[0, 4].tolist()]
    assert tables[0].rows[4] == ["mats", *row]
    # square, and as large as two in a row can be
    for width, height in sizes_of(figure):
        assert width == pytest.approx(height)
        assert 2 * width > 0.75 * WIDTH


def test_the_numbers_are_the_weights_of_their_cells() -> None:
    # .00 would be written where there is less than 0.005
    head = torch.tensor([[0.004, 0.996], [0.126, 0.874]])
    figure = plotting.plot_heads({"head": head.requires_grad_()}, ["a", "b"])
    axes = figure.axes[0]
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {(1.5, 0.5): "1.0", (0.5, 1.5): ".13", (1.5, 1.5): ".87"}
    bare = plotting.plot_heads({"head": head}, ["a", "b"], numbers=False)
    assert len(bare.axes[0].texts) == 0


@pytest.mark.parametrize("num_heads", [1, 2, 7])
def test_two_models_stand_left_and_right(num_heads: int) -> None:
    models = {"random": WEIGHTS[:num_heads], "trained": WEIGHTS[-num_heads:]}
    figure = plotting.plot_heads_compared(models, TOKENS)
    numbers = panels_on_scale(figure, 0.0, 1.0)
    assert len(numbers) == 2 * num_heads
    for name, weights in models.items():
        for head in range(num_heads):
            assert_close(numbers[f"{name} {head}"], weights[head])
    panels = [axes for axes in figure.axes[:-1] if axes.axison]
    for axes, (width, height) in zip(panels, sizes_of(figure), strict=True):
        name, number = axes.get_title().split()
        # two columns for each model; the words of the queries stand at the left, those
        # of the keys where nothing is below
        assert (axes.get_position().x0 > 0.5) == (name == "trained")
        leftmost = name == "random" and int(number) % 2 == 0
        lowest = int(number) + 2 >= num_heads
        assert ticks_of(axes) == [TOKENS if leftmost else [], TOKENS if lowest else []]
        assert width == pytest.approx(height)
        assert 4 * width > 0.65 * WIDTH


def test_the_inputs_of_heads_share_one_scale() -> None:
    effects = {"first": torch.rand(3, 7), "second": 2 + torch.rand(3, 7)}
    figure = plotting.plot_head_inputs(
        {k: v.requires_grad_() for k, v in effects.items()}
    )
    numbers = panels_on_scale(figure, 0.0, effects["second"].max().item())
    assert_close(numbers, effects)
    first, second, bar = figure.axes
    assert ticks_of(first)[0] == ticks_of(second)[0] == ["0", "1", "2"]
    assert looks_of(first) == {"x": "", "y": "head", "grid": ""}
    assert looks_of(second) == {"x": "feature of the input", "y": "head", "grid": ""}
    assert bar.get_ylabel() == "change of the head's output (largest: 1)"
