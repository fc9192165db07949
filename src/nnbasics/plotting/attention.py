"""Heatmaps with numbers: attention weights and the steps that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import seaborn as sns
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import attach_table
from nnbasics.plotting.style import (
    PAPER,
    SEQUENTIAL,
    WIDTH,
    colour_on_cell,
    in_lesson_style,
    new_figure,
)

__all__ = ["plot_attention", "plot_matrix"]

# In inches: what is beside the cells, what is above and below them, the highest cell.
BESIDE, AROUND, HIGHEST_CELL, LOWEST_FIGURE = 1.6, 1.0, 0.62, 1.7
FEWEST_COLUMNS = 5  # cells of fewer are wider than high
CELL: Any = {"linewidths": 1, "linecolor": PAPER, "cmap": SEQUENTIAL, "cbar": False}
# Labels of more letters than this in all do not fit below the columns side by side.
MOST_LETTERS = 36


@in_lesson_style
def plot_matrix(
    matrix: Tensor,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    ylabel: str = "",
    xlabel: str = "",
    colour_label: str = "",
    limits: tuple[float, float] | None = None,
    number_format: str = ".2f",
) -> Figure:
    """Draw a matrix as a heatmap with its numbers in the cells.

    Parameters
    ----------
    matrix : Tensor, shape (rows, columns)
        The numbers. Cells that hold -inf or NaN stay empty.
    rows, columns : sequence of str
        The labels of the rows and of the columns.
    ylabel, xlabel, colour_label : str
        The labels of the axes and of the colour bar.
    limits : (float, float), optional
        The numbers at the ends of the colour scale; the smallest and the largest of
        the matrix if not given.
    number_format : str
        How the numbers are written; what rounds to 0 has no sign.

    Returns
    -------
    matplotlib.figure.Figure
        The heatmap and its colour bar.

    Examples
    --------
    >>> figure = plot_matrix(torch.eye(2), rows=["a", "b"], columns=["c", "d"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1.00', '0.00', '0.00', '1.00']
    """
    check.require_shape("matrix", matrix, (len(rows), len(columns)), "(rows, columns)")
    if not matrix.isfinite().any():
        raise ValueError("matrix must hold at least one finite number, got none")
    number_format = f"z{number_format}"  # without the sign of -0.0
    cell = min((WIDTH - BESIDE) / max(len(columns), FEWEST_COLUMNS), HIGHEST_CELL)
    figure, axes = new_figure(max(cell * len(rows) + AROUND, LOWEST_FIGURE))
    _draw_cells(axes, matrix.detach(), limits or (None, None), number_format)
    _name_cells(axes, rows, columns)
    axes.set(ylabel=ylabel, xlabel=xlabel)
    figure.colorbar(axes.collections[0], label=colour_label)
    attach_table(
        figure,
        caption=colour_label,
        head=[ylabel or "row", *columns],
        rows=[(label, matrix[row].tolist()) for row, label in enumerate(rows)],
        number_format=number_format,
    )
    return figure


def _draw_cells(
    axes: Axes,
    matrix: Tensor,
    limits: tuple[float | None, float | None],
    number_format: str,
) -> None:
    sns.heatmap(
        # seaborn leaves NaN out, and nothing else.
        matrix.where(matrix.isfinite(), torch.nan).numpy(),
        ax=axes,
        annot=True,
        fmt=number_format,
        vmin=limits[0],
        vmax=limits[1],
        **CELL,
    )
    # Not seaborn's choice: on some colours it cannot be read.
    mesh: Any = axes.collections[0]
    for text in axes.texts:
        column, row = map(int, text.get_position())
        text.set_color(colour_on_cell(mesh.norm(matrix[row, column].item())))


def _name_cells(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    turned = 45 if len("".join(columns)) > MOST_LETTERS else 0
    axes.set_xticks(centres(columns), columns, rotation=turned)
    axes.set_yticks(centres(rows), rows, rotation=0)
    axes.tick_params(length=0)


def centres(labels: Sequence[str]) -> list[float]:
    """Return the middle of each row or column of a heatmap."""
    return [number + 0.5 for number in range(len(labels))]


def plot_attention(weights: Tensor, tokens: Sequence[str]) -> Figure:
    """Draw attention weights with the tokens on both axes, on a scale from 0 to 1.

    Parameters
    ----------
    weights : Tensor, shape (length, length)
        The attention weights: a row for each query, a column for each key.
    tokens : sequence of str
        The words.

    Returns
    -------
    matplotlib.figure.Figure
        The heatmap and its colour bar.

    Examples
    --------
    >>> weights = torch.tensor([[0.9, 0.1], [0.5, 0.5]])
    >>> figure = plot_attention(weights, ["the", "cat"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['0.90', '0.10', '0.50', '0.50']
    """
    require_square("weights", weights, len(tokens))
    return plot_matrix(
        weights,
        rows=tokens,
        columns=tokens,
        ylabel="query (attending from)",
        xlabel="key (attending to)",
        colour_label="attention weight",
        limits=(0.0, 1.0),
    )


def require_square(name: str, weights: Tensor, length: int) -> None:
    """Raise unless there is a weight, from 0 to 1, for each pair of tokens."""
    check.require_shape(name, weights, (length, length), "(length, length)")
    check.require_weights(name, weights)
