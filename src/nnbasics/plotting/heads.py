"""Many heads in one figure, on one colour scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import attach_table
from nnbasics.plotting.attention import centres, require_square
from nnbasics.plotting.style import (
    CENTRED,
    PAPER,
    SEQUENTIAL,
    colour_on_cell,
    in_lesson_style,
    new_grid,
)

__all__ = ["plot_head_inputs", "plot_heads", "plot_heads_compared"]

# Heads stand side by side in this many columns: with more, their numbers cannot be
# read on a phone.
COLUMNS = 2
# In inches: a row of panels, and what is above and below all of them.
WITH_NUMBERS, SMALL, FLAT = (3.35, 0.5), (1.45, 1.3), (2.1, 0.3)
# Weights from here on are not written as .00.
SMALLEST_WRITTEN = 0.005
CELL: Any = {"linewidth": 0.5, "edgecolor": PAPER}
COLOUR_BAR: Any = {
    "label": "attention weight (a row for each query, a column for each key)",
    "location": "top",
    "shrink": 0.8,
    "aspect": 40,
}


@in_lesson_style
def plot_heads(
    heads: Mapping[str, Tensor], tokens: Sequence[str], *, numbers: bool = True
) -> Figure:
    """Draw several heads in one figure, on one colour scale with one colour bar.

    A weight is written with two decimals and without its leading zero. A weight that
    would be written as .00 is left out: an empty cell holds less than 0.005.

    Parameters
    ----------
    heads : mapping of str to Tensor of shape (length, length)
        The attention weights of each head by its title, between 0 and 1: a row for
        each query, a column for each key.
    tokens : sequence of str
        The words on both axes, `length` of them. The words of the queries are written
        in the first column only, to leave room for the numbers.
    numbers : bool
        Whether the weights are written into the cells. Of more than ten words they
        cannot be read.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes for each head and one for the colour bar.

    Examples
    --------
    >>> import torch
    >>> heads = {"head 0": torch.eye(2), "head 1": torch.full((2, 2), 0.5)}
    >>> figure = plot_heads(heads, ["the", "cat"])
    >>> [axes.get_title() for axes in figure.axes]
    ['head 0', 'head 1', '']
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1.0', '1.0']
    """
    check.require_some("heads", heads, "head")
    for title, weights in heads.items():
        require_square(f"heads[{title!r}]", weights, len(tokens))
    rows = -(-len(heads) // COLUMNS)
    figure, grid = new_grid(_height(WITH_NUMBERS, rows), rows, COLUMNS)
    for panel, (title, weights) in enumerate(heads.items()):
        axes = grid.flat[panel]
        _draw_head(axes, weights, title)
        if numbers:
            _write_weights(axes, weights)
        _name_keys(axes, tokens)
        attach_table(
            figure,
            caption=f"{title}, attention weight",
            head=["query", *tokens],
            rows=[(word, weights[row].tolist()) for row, word in enumerate(tokens)],
        )
    _finish(figure, grid, tokens)
    return figure


@in_lesson_style
def plot_heads_compared(models: Mapping[str, Tensor], tokens: Sequence[str]) -> Figure:
    """Draw the heads of two models side by side, without numbers, on one scale.

    Parameters
    ----------
    models : mapping of str to Tensor of shape (num_heads, length, length)
        The attention weights of two models by their names, with the same number of
        heads. Each model gets two columns of heatmaps.
    tokens : sequence of str
        The words on both axes, `length` of them. They are written beside the heads of
        the first column and below the last head of each column.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes for each head and one for the colour bar.

    Examples
    --------
    >>> import torch
    >>> models = {"random": torch.full((2, 2, 2), 0.5), "trained": torch.ones(2, 2, 2)}
    >>> figure = plot_heads_compared(models, ["the", "cat"])
    >>> [axes.get_title() for axes in figure.axes[:4]]
    ['random 0', 'random 1', 'trained 0', 'trained 1']
    """
    _require_two_models(models, len(tokens))
    num_heads = len(next(iter(models.values())))
    rows = -(-num_heads // COLUMNS)
    # Compressed: square panels, with no more between them than their titles need.
    figure, grid = new_grid(
        _height(SMALL, rows), rows, 2 * COLUMNS, layout="compressed"
    )
    for model, (name, weights) in enumerate(models.items()):
        panels = grid[:, COLUMNS * model : COLUMNS * (model + 1)].flat
        for head in range(num_heads):
            _draw_head(panels[head], weights[head], f"{name} {head}")
            if head + COLUMNS >= num_heads:  # nothing is below it
                _name_keys(panels[head], tokens)
    _finish(figure, grid, tokens)
    return figure


def _require_two_models(models: Mapping[str, Tensor], length: int) -> None:
    if len(models) != 2:
        raise ValueError(f"models must hold two models, got {len(models)}")
    form = "(num_heads, length, length) for both models"
    first = next(iter(models.values()))
    for name, weights in models.items():
        check.require_rank(f"models[{name!r}]", weights, 3, form)
        # The first model says how many heads there are; each must have one at least.
        shape = (max(1, len(first)), length, length)
        check.require_shape(f"models[{name!r}]", weights, shape, form)
        check.require_weights(f"models[{name!r}]", weights)


def _height(size: tuple[float, float], rows: int) -> float:
    return size[0] * rows + size[1]


def _draw_head(axes: Axes, weights: Tensor, title: str) -> None:
    axes.set_axis_on()
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _draw_cells(axes, weights, title, largest=1.0, **CELL)


def _draw_cells(
    axes: Axes, numbers: Tensor, title: str, largest: float, **rims: Any
) -> None:
    # Not seaborn.heatmap: it lays out the whole figure anew for every panel.
    axes.pcolormesh(
        numbers.detach().numpy(), vmin=0.0, vmax=largest, cmap=SEQUENTIAL, **rims
    )
    axes.invert_yaxis()
    axes.set_title(title)


def _write_weights(axes: Axes, weights: Tensor) -> None:
    for (row, column), weight in np.ndenumerate(weights.detach().numpy()):
        if weight >= SMALLEST_WRITTEN:
            text = f"{weight:.2f}".removeprefix("0").replace("1.00", "1.0")
            look = {**CENTRED, "color": colour_on_cell(weight), "fontsize": 11}
            axes.text(column + 0.5, row + 0.5, text, **look)


def _name_keys(axes: Axes, tokens: Sequence[str]) -> None:
    axes.set_xticks(centres(tokens), tokens, rotation=90)


def _finish(figure: Figure, grid: Any, tokens: Sequence[str]) -> None:
    """Name the queries in the first column; add the one colour bar for all panels."""
    for axes in grid[:, 0]:
        axes.set_yticks(centres(tokens), tokens)
    figure.colorbar(grid[0, 0].collections[0], ax=grid, **COLOUR_BAR)


@in_lesson_style
def plot_head_inputs(effects: Mapping[str, Tensor]) -> Figure:
    """Show how strongly each head's output depends on each feature of the input.

    Parameters
    ----------
    effects : mapping of str to Tensor of shape (num_heads, d_model)
        For each case by its title: how much the output of a head (row) changes when a
        feature of the input (column) is changed; 0 or more.

    Returns
    -------
    matplotlib.figure.Figure
        One heatmap for each case, below each other, on one colour scale with one
        colour bar.

    Examples
    --------
    >>> import torch
    >>> figure = plot_head_inputs({"all": torch.ones(2, 6)})
    >>> figure.axes[0].get_title()
    'all'
    """
    check.require_some("effects", effects, "case")
    for title, effect in effects.items():
        check.require_tensor(f"effects[{title!r}]", effect)
        if effect.dim() != 2 or effect.numel() == 0:
            raise ValueError(
                f"effects[{title!r}] must have the shape (num_heads, d_model), got "
                f"{tuple(effect.shape)}"
            )
    largest = max(effect.max().item() for effect in effects.values())
    figure, grid = new_grid(_height(FLAT, len(effects)), len(effects), 1)
    for panel, (title, effect) in enumerate(effects.items()):
        axes = grid[panel, 0]
        axes.set_axis_on()
        _draw_cells(axes, effect, title, largest)
        heads = [str(head) for head in range(len(effect))]
        axes.set_yticks(centres(heads), heads)
        axes.set_ylabel("head")
    axes.set_xlabel("feature of the input")
    label = "change of the head's output (largest: 1)"
    figure.colorbar(axes.collections[0], ax=grid, label=label)
    return figure
