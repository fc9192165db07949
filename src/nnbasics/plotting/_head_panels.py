"""What the figures of heads have in common: panels, their numbers, and colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.plotting.style import (
    BLUE,
    GREEN,
    ON_DARK_CELL,
    ON_LIGHT_CELL,
    ORANGE,
    PAPER,
    PURPLE,
    SEQUENTIAL,
)

HEAD_COLOURS = (BLUE, ORANGE, GREEN, PURPLE)

BRIGHT = 0.42  # above this weight, black is easier to read on the cell than white
_COLOUR_LABEL = "attention weight (a row for each query, a column for each key)"


def require_colours(num_heads: int) -> None:
    """Raise if there are more heads than colours that can be told apart."""
    if num_heads > len(HEAD_COLOURS):
        raise ValueError(
            f"num_heads must be at most {len(HEAD_COLOURS)}, as many as there are "
            f"colours that can be told apart, got {num_heads}"
        )


def require_square(name: str, weights: Tensor, length: int) -> None:
    """Raise unless there is a weight, from 0 to 1, for each pair of tokens."""
    check.require_shape(name, weights, (length, length), "(length, length)")
    check.require_weights(name, weights)


def draw_heatmap(axes: Axes, weights: Tensor, title: str) -> None:
    """Draw weights as colours on the scale from 0 to 1 that all heads share."""
    # Not seaborn.heatmap: it lays out the whole figure anew for every head.
    axes.pcolormesh(
        weights.detach().numpy(),
        vmin=0.0,
        vmax=1.0,
        cmap=SEQUENTIAL,
        linewidth=0.5,
        edgecolor=PAPER,
    )
    axes.set(xticks=[], yticks=[], title=title, aspect="equal")
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)


def write_weights(axes: Axes, weights: Tensor) -> None:
    """Write each weight into its cell, but for those that would be .00."""
    fontsize = 11 if len(weights) > 6 else 12
    for (row, column), weight in np.ndenumerate(weights.detach().numpy()):
        if weight < 0.005:
            continue
        axes.text(
            column + 0.5,
            row + 0.5,
            f"{weight:.2f}".removeprefix("0").replace("1.00", "1.0"),
            color=ON_LIGHT_CELL if weight > BRIGHT else ON_DARK_CELL,
            fontsize=fontsize,
            ha="center",
            va="center",
        )


def name_tokens(
    axes: Axes, tokens: Sequence[str], *, beside: bool = True, below: bool = True
) -> None:
    """Write the words beside the rows, and below the columns."""
    places = [place + 0.5 for place in range(len(tokens))]
    if beside:
        axes.set_yticks(places, tokens, fontsize=10)
    if below:
        axes.set_xticks(places, tokens, fontsize=10, rotation=90)
    axes.tick_params(length=0)


def add_colour_bar(figure: Figure, grid: NDArray[np.object_]) -> None:
    """Add the one colour bar that stands for all panels."""
    figure.colorbar(
        grid[0, 0].collections[0],
        ax=grid,
        label=_COLOUR_LABEL,
        location="top",
        shrink=0.8,
        aspect=40,
    )
