"""Heatmaps of attention weights and of the steps that lead to them."""

from __future__ import annotations

from collections.abc import Sequence

import seaborn as sns
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._table import attach_table
from nnbasics.plotting._head_panels import BRIGHT, require_square
from nnbasics.plotting.style import (
    ON_DARK_CELL,
    ON_LIGHT_CELL,
    PAPER,
    SEQUENTIAL,
    WIDTH,
    figure_style,
    new_figure,
)

__all__ = ["plot_attention", "plot_matrix"]

QUERY_LABEL = "query (attending from)"
KEY_LABEL = "key (attending to)"


def plot_matrix(
    matrix: Tensor,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    alt: str,
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
    alt : str
        What the figure shows, for those who cannot see it.
    ylabel, xlabel, colour_label : str
        The labels of the axes and of the colour bar.
    limits : (float, float), optional
        The numbers at the ends of the colour scale; the smallest and the largest of
        the matrix if not given.
    number_format : str
        How the numbers are written.

    Returns
    -------
    matplotlib.figure.Figure
        The heatmap and its colour bar.

    Raises
    ------
    TypeError
        If the matrix is not a tensor.
    ValueError
        If it is not two-dimensional, the labels do not fit its shape, or no number in
        it is finite.

    Examples
    --------
    >>> figure = plot_matrix(
    ...     torch.eye(2),
    ...     rows=["a", "b"],
    ...     columns=["c", "d"],
    ...     alt="Ones on the diagonal, zeros beside it.",
    ... )
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1.00', '0.00', '0.00', '1.00']
    """
    _require_labels(matrix, rows, columns)
    cell = (WIDTH - 1.6) / max(len(columns), 5)
    with figure_style():
        height = min(cell, 0.62) * len(rows) + 1.0
        figure, axes = new_figure(alt, height=max(height, 1.7))
        _draw(
            axes, matrix, rows, columns, limits or _range_of(matrix), number_format, 10
        )
        axes.set(ylabel=ylabel, xlabel=xlabel)
        figure.colorbar(axes.collections[0], ax=axes, label=colour_label)
    attach_table(
        figure,
        caption=colour_label,
        head=[ylabel, *columns],
        rows=zip(rows, matrix.tolist(), strict=True),
        number_format=number_format,
    )
    return figure


def plot_attention(weights: Tensor, tokens: Sequence[str], *, alt: str) -> Figure:
    """Draw attention weights with the tokens on both axes, on a scale from 0 to 1.

    Parameters
    ----------
    weights : Tensor, shape (length, length)
        The attention weights: a row for each query, a column for each key.
    tokens : sequence of str
        The words.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        The heatmap and its colour bar.

    Raises
    ------
    TypeError
        If `weights` is not a tensor.
    ValueError
        If it is not two-dimensional, the tokens do not fit its shape, or a number is
        not from 0 to 1.

    Examples
    --------
    >>> figure = plot_attention(
    ...     torch.tensor([[0.9, 0.1], [0.5, 0.5]]),
    ...     ["the", "cat"],
    ...     alt="'the' attends to itself, 'cat' to both words alike.",
    ... )
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['0.90', '0.10', '0.50', '0.50']
    """
    require_square("weights", weights, len(tokens))
    return plot_matrix(
        weights,
        rows=tokens,
        columns=tokens,
        alt=alt,
        ylabel=QUERY_LABEL,
        xlabel=KEY_LABEL,
        colour_label="attention weight",
        limits=(0.0, 1.0),
    )


def _draw(
    axes: Axes,
    matrix: Tensor,
    rows: Sequence[str],
    columns: Sequence[str],
    limits: tuple[float, float],
    number_format: str,
    fontsize: float,
) -> None:
    """Draw one heatmap; seaborn writes black or white, whichever the cell needs."""
    values = matrix.detach()
    sns.heatmap(
        values.numpy(),
        ax=axes,
        mask=(~values.isfinite()).numpy(),
        annot=True,
        fmt=number_format,
        annot_kws={"fontsize": fontsize},
        xticklabels=list(columns),
        yticklabels=list(rows),
        vmin=limits[0],
        vmax=limits[1],
        cmap=SEQUENTIAL,
        cbar=False,
        linewidths=1,
        linecolor=PAPER,
    )
    # Not seaborn's choice: on some colours it cannot be read.
    shown = values[values.isfinite()]
    bright = (shown - limits[0]) / (limits[1] - limits[0]) > BRIGHT
    for text, on_light in zip(axes.texts, bright.tolist(), strict=True):
        text.set_color(ON_LIGHT_CELL if on_light else ON_DARK_CELL)
    axes.grid(visible=False)
    axes.tick_params(length=0)
    long_labels = sum(len(label) for label in columns) > 36
    axes.tick_params(axis="x", rotation=45 if long_labels else 0)
    axes.tick_params(axis="y", rotation=0)


def _range_of(matrix: Tensor) -> tuple[float, float]:
    finite = matrix[matrix.isfinite()]
    return finite.min().item(), finite.max().item()


def _require_labels(
    matrix: Tensor, rows: Sequence[str], columns: Sequence[str]
) -> None:
    check.require_shape("matrix", matrix, (len(rows), len(columns)), "(rows, columns)")
    if not torch.isfinite(matrix).any():
        raise ValueError("matrix must hold at least one finite number, got none")
