"""Figures of the attention weights of many heads, on one colour scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics.plotting.style import (
    INK,
    ON_DARK_CELL,
    ON_LIGHT_CELL,
    SEQUENTIAL,
    WIDTH,
    figure_style,
    new_figure,
)

__all__ = ["plot_heads", "plot_heads_compared"]

# Attention weights lie between 0 and 1: so does the colour scale, in every figure.
_SCALE = Normalize(vmin=0.0, vmax=1.0)
_BRIGHT = 0.6  # from here up, black reads better on the colour than white


def plot_heads(
    weights: Tensor,
    tokens: Sequence[str],
    *,
    alt: str,
    titles: Sequence[str] | None = None,
) -> Figure:
    """Draw the attention weights of all heads, two a row, with their numbers.

    All heads share one colour scale, from 0 to 1, and one colour bar.

    Parameters
    ----------
    weights : Tensor, shape (num_heads, length, length)
        A row for each query, a column for each key; between 0 and 1.
    tokens : sequence of str
        The words on both axes, `length` of them.
    alt : str
        What the figure shows, for those who cannot see it.
    titles : sequence of str, optional
        The words above the heads; "head 0", "head 1", ... if not given.

    Returns
    -------
    matplotlib.figure.Figure
        Two columns of heatmaps, narrow enough for a phone.

    Raises
    ------
    ValueError
        If the sizes do not fit together.

    Examples
    --------
    >>> import torch
    >>> from matplotlib import pyplot as plt
    >>> weights = torch.eye(3).expand(2, 3, 3)
    >>> figure = plot_heads(weights, ["the", "cat", "sat"], alt="Two diagonals.")
    >>> plt.close(figure)
    """
    _require_weights("weights", weights)
    if weights.size(-1) != len(tokens):
        raise ValueError(
            f"tokens must hold one word for each of the {weights.size(-1)} positions, "
            f"got {len(tokens)}"
        )
    if titles is None:
        titles = [f"head {head}" for head in range(len(weights))]
    rows = -(-len(weights) // 2)
    with figure_style():
        figure, grid = new_figure(
            alt, rows, 2, height=0.5 + rows * (WIDTH / 2 + 0.25), squeeze=False
        )
        for axes, head, title in zip(grid.flat, weights, titles, strict=False):
            _draw_heatmap(axes, head, title)
            _write_weights(axes, head)
            _name_tokens(axes, tokens)
        for axes in grid.flat[len(weights) :]:
            axes.set_axis_off()
        _add_colour_bar(figure, grid)
    return figure


def plot_heads_compared(
    groups: Mapping[str, Tensor], tokens: Sequence[str], *, alt: str
) -> Figure:
    """Draw two or more sets of heads side by side, without numbers, on one scale.

    Parameters
    ----------
    groups : mapping of str to Tensor, each of shape (num_heads, length, length)
        The weights of a model's heads under the model's name. Head *h* of the second
        model is drawn beside head *h* of the first; they need not be related.
    tokens : sequence of str
        The words on both axes, written at the first head only.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        Two columns of heatmaps for each model, and one colour bar for all.

    Raises
    ------
    ValueError
        If a tensor does not have three dimensions.

    Examples
    --------
    >>> import torch
    >>> from matplotlib import pyplot as plt
    >>> flat, sharp = torch.full((4, 3, 3), 1 / 3), torch.eye(3).expand(4, 3, 3)
    >>> figure = plot_heads_compared(
    ...     {"random": flat, "trained": sharp}, ["a", "b", "c"], alt="Flat, and sharp."
    ... )
    >>> plt.close(figure)
    """
    for name, weights in groups.items():
        _require_weights(f"groups[{name!r}]", weights)
    return None
