"""What a network with two inputs answers, over the whole plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import nn

from nnbasics.plotting._checks import require_panels
from nnbasics.plotting.style import (
    DIVERGING,
    ON_DARK_CELL,
    ON_LIGHT_CELL,
    figure_style,
    new_figure,
)
from nnbasics.xor import xor_dataset

__all__ = ["plot_decision_boundaries"]

GRID_POINTS = 100
GRID_RANGE = (-0.5, 1.5)
TICKS = (-0.5, 0.0, 0.5, 1.0, 1.5)
# Circles for the points whose target is 0, squares for those whose target is 1.
MARKERS = ("o", "s")


def plot_decision_boundaries(
    networks: Mapping[str, nn.Module], *, alt: str, columns: int = 2
) -> Figure:
    """Colour the plane by what each network answers, and mark the points of XOR.

    The answer is computed on a grid of 100 x 100 points over [-0.5, 1.5] squared. All
    networks share one colour scale, from 0 to 1; a line marks the answer 0.5. Circles
    are the points whose target is 0, squares those whose target is 1; a single network
    has room for their names as well.

    Parameters
    ----------
    networks : mapping of str to torch.nn.Module
        Networks by title. A network maps (points, 2) to (points, 1), or to a tuple
        that begins with it, as :class:`~nnbasics.XORNetwork` does.
    alt : str
        What the figure shows, for those who cannot see it.
    columns : int
        How many networks stand side by side.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes for each network and one for the colour bar.

    Raises
    ------
    TypeError
        If `columns` is not an int.
    ValueError
        If there is no network or no column.

    Examples
    --------
    >>> from nnbasics import XORNetwork
    >>> figure = plot_decision_boundaries(
    ...     {"untrained": XORNetwork()}, alt="The answer is near 0.5 everywhere."
    ... )
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['(0,0)', '(0,1)', '(1,0)', '(1,1)']
    """
    require_panels("networks", networks, columns)
    columns = min(columns, len(networks))
    rows = -(-len(networks) // columns)
    height = 4.4 if columns == 1 else 2.2 * rows + 0.4
    with figure_style():
        figure, all_axes = new_figure(
            alt, rows, columns, height=height, squeeze=False, sharex=True, sharey=True
        )
        for axes in all_axes.flat[len(networks) :]:
            axes.set_axis_off()
        for axes, (title, network) in zip(
            all_axes.flat, networks.items(), strict=False
        ):
            contours = _fill_contours(axes, network)
            mark_points(axes, columns == 1)
            axes.set(xticks=TICKS, yticks=TICKS)
            axes.set_title(title)
        figure.supxlabel("input 1", fontsize=10)
        figure.supylabel("input 2", fontsize=10)
        bar = figure.colorbar(contours, ax=all_axes, label="output", shrink=0.9)
        bar.set_ticks([0.0, 0.25, 0.5, 0.75, 1.0])
    return figure


def answers_on_grid(
    network: nn.Module,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
    """Return both inputs and the answer on the grid, each of shape (100, 100)."""
    side = np.linspace(*GRID_RANGE, GRID_POINTS)
    first, second = np.meshgrid(side, side)
    grid = torch.tensor(np.c_[first.ravel(), second.ravel()], dtype=torch.float32)
    with torch.no_grad():
        answer = network(grid)  # (10000, 1), or a tuple that begins with it
    output = answer[0] if isinstance(answer, tuple) else answer
    return first, second, output.reshape(first.shape).numpy()


def draw_boundary(
    axes: Axes,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    answers: NDArray[np.float32],
) -> Any:
    """Draw the line on which the answer is 0.5, if there is one."""
    if answers.min() < 0.5 < answers.max():
        return axes.contour(first, second, answers, levels=[0.5], colors=ON_LIGHT_CELL)
    return None


def _fill_contours(axes: Axes, network: nn.Module) -> Any:
    first, second, answers = answers_on_grid(network)
    draw_boundary(axes, first, second, answers)
    axes.grid(visible=False)
    axes.set_aspect("equal")
    return axes.contourf(
        first, second, answers, levels=np.linspace(0, 1, 21), cmap=DIVERGING
    )


def mark_points(axes: Axes, large: bool) -> None:
    """Mark the points of XOR, each kind in its own way; name them if there is room."""
    inputs, targets = xor_dataset()
    for (x, y), target in zip(inputs.tolist(), targets.flatten().tolist(), strict=True):
        axes.scatter(
            x,
            y,
            s=150 if large else 50,
            marker=MARKERS[int(target)],
            facecolor=ON_DARK_CELL if target else ON_LIGHT_CELL,
            edgecolor=ON_LIGHT_CELL,
            linewidth=1.5,
            zorder=5,
        )
        if large:
            _name_point(axes, x, y)


def _name_point(axes: Axes, x: float, y: float) -> None:
    axes.annotate(
        f"({x:.0f},{y:.0f})",
        (x, y),
        # towards the middle, where there is room for it
        xytext=(-11, 9) if x else (11, 9),
        ha="right" if x else "left",
        textcoords="offset points",
        color=ON_LIGHT_CELL,
        fontsize=11,
        fontweight="bold",
        bbox={"facecolor": ON_DARK_CELL, "alpha": 0.8, "edgecolor": "none", "pad": 1},
    )
