"""Heatmaps: the numbers in the cells are the data, on the scale that is promised."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from matplotlib import pyplot as plt

from nnbasics.plotting import plot_attention, plot_matrix

ALT = "What the figure shows."


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_cells_labels_and_scale_of_attention_weights() -> None:
    weights = torch.tensor([[0.25, 0.75, 0.0], [0.1, 0.2, 0.7], [1.0, 0.0, 0.0]])
    figure = plot_attention(weights, ["the", "cat", "sat"], alt=ALT)
    axes, bar = figure.axes
    cells = [text.get_text() for text in axes.texts]
    assert cells == [f"{value:.2f}" for value in weights.flatten().tolist()]
    for ticks in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [tick.get_text() for tick in ticks] == ["the", "cat", "sat"]
    assert axes.get_ylabel() == "query (attending from)"
    assert axes.get_xlabel() == "key (attending to)"
    assert axes.collections[0].get_clim() == (0.0, 1.0)
    assert bar.get_ylabel() == "attention weight"
    assert figure.get_label() == ALT


def test_the_first_row_is_at_the_top() -> None:
    figure = plot_attention(torch.eye(2), ["a", "b"], alt=ALT)
    bottom, top = figure.axes[0].get_ylim()
    assert bottom > top


def test_a_matrix_with_blocked_cells() -> None:
    matrix = torch.tensor([[2.0, -torch.inf, 5.0], [-1.0, 0.5, torch.nan]])
    figure = plot_matrix(
        matrix,
        rows=["a", "b"],
        columns=["c", "d", "e"],
        alt=ALT,
        ylabel="row",
        xlabel="column",
        colour_label="score",
        number_format=".1f",
    )
    axes, bar = figure.axes
    assert [text.get_text() for text in axes.texts] == ["2.0", "5.0", "-1.0", "0.5"]
    assert axes.collections[0].get_clim() == (-1.0, 5.0)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("row", "column")
    assert bar.get_ylabel() == "score"


def test_limits_that_were_given() -> None:
    figure = plot_matrix(
        torch.eye(2), rows="ab", columns="cd", alt=ALT, limits=(-2.0, 2.0)
    )
    assert figure.axes[0].collections[0].get_clim() == (-2.0, 2.0)


def test_long_column_labels_are_turned() -> None:
    def rotation(columns: list[str]) -> float:
        figure = plot_matrix(
            torch.ones(1, len(columns)), rows="a", columns=columns, alt=ALT
        )
        return figure.axes[0].get_xticklabels()[0].get_rotation()

    assert rotation(["short", "words"]) == 0
    assert rotation(["a rather long label", "and another of this kind"]) == 45


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 2\), .*, got \(2, 3\)"):
        plot_attention(torch.ones(2, 3), ["a", "b"], alt=ALT)
    with pytest.raises(ValueError, match="at least one finite number, got none"):
        plot_matrix(torch.full((1, 1), torch.nan), rows=["a"], columns=["b"], alt=ALT)
