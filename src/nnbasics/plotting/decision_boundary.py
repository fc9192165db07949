"""What a network with two inputs answers, over the whole plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from nnbasics.plotting.style import (
    BLUE,
    DIVERGING,
    INK,
    ON_LIGHT_CELL,
    ORANGE,
    figure_style,
    new_figure,
)
from nnbasics.xor import xor_dataset

__all__ = ["plot_decision_boundaries", "plot_hidden_space"]

GRID_POINTS = 100
GRID_RANGE = (-0.5, 1.5)
# Circles for the points whose target is 0, squares for those whose target is 1.
MARKERS = ("o", "s")


def plot_decision_boundaries(
    networks: Mapping[str, nn.Module], *, alt: str, columns: int = 2
) -> Figure:
    """Colour the plane by what each network answers, and mark the points of XOR.

    The answer is computed on a grid of 100 x 100 points over [-0.5, 1.5] squared. All
    networks share one colour scale, from 0 to 1; a line marks the answer 0.5.

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

    Examples
    --------
    >>> from nnbasics import XORNetwork
    >>> figure = plot_decision_boundaries(
    ...     {"untrained": XORNetwork()}, alt="The answer is near 0.5 everywhere."
    ... )
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['(0,0)', '(0,1)', '(1,0)', '(1,1)']
    """
    columns = min(columns, len(networks))
    rows = -(-len(networks) // columns)
    height = 4.4 if columns == 1 else 2.2 * rows + 0.4
    with figure_style():
        figure, all_axes = new_figure(
            alt, rows, columns, height=height, squeeze=False, sharex=True, sharey=True
        )
        for axes, (title, network) in zip(all_axes.flat, networks.items(), strict=True):
            contours = _fill_contours(axes, network)
            _mark_points(axes, columns == 1)
            axes.set_title(title)
        figure.supxlabel("input 1", fontsize=10)
        figure.supylabel("input 2", fontsize=10)
        bar = figure.colorbar(contours, ax=all_axes, label="output", shrink=0.9)
        bar.set_ticks([0.0, 0.25, 0.5, 0.75, 1.0])
    return figure


def _fill_contours(axes: Axes, network: nn.Module) -> Any:
    side = np.linspace(*GRID_RANGE, GRID_POINTS)
    first, second = np.meshgrid(side, side)
    grid = torch.tensor(np.c_[first.ravel(), second.ravel()], dtype=torch.float32)
    with torch.no_grad():
        answer = network(grid)  # (10000, 1), or a tuple that begins with it
    output = answer[0] if isinstance(answer, tuple) else answer
    levels = output.reshape(first.shape).numpy()
    axes.contour(first, second, levels, levels=[0.5], colors=ON_LIGHT_CELL)
    axes.grid(visible=False)
    axes.set_aspect("equal")
    return axes.contourf(
        first, second, levels, levels=np.linspace(0, 1, 21), cmap=DIVERGING, alpha=0.8
    )


def _mark_points(axes: Axes, large: bool) -> None:
    inputs, targets = xor_dataset()
    for (x, y), target in zip(inputs.tolist(), targets.flatten().tolist(), strict=True):
        axes.scatter(
            x,
            y,
            s=150 if large else 50,
            marker=MARKERS[int(target)],
            facecolor="#ffffff" if target else ON_LIGHT_CELL,
            edgecolor=ON_LIGHT_CELL,
            linewidth=1.5,
            zorder=5,
        )
        axes.annotate(
            f"({x:.0f},{y:.0f})",
            (x, y),
            # towards the middle, where there is room for it
            xytext=(-7, 7) if x else (7, 7),
            ha="right" if x else "left",
            textcoords="offset points",
            color=ON_LIGHT_CELL,
            fontsize=11 if large else 9,
            fontweight="bold",
        )


def plot_hidden_space(
    hidden: Tensor, weight: Tensor, bias: Tensor, *, alt: str
) -> Figure:
    """Show where two hidden units put the points of XOR, and the line between them.

    Parameters
    ----------
    hidden : Tensor, shape (4, 2)
        The activations of the two hidden units for the four points.
    weight : Tensor, shape (2,)
        The weights of the output unit.
    bias : Tensor, shape ()
        Its bias. The line is where its weighted sum is 0 and its output 0.5.
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        The four points with their inputs, and the line.

    Raises
    ------
    ValueError
        If there are not two hidden units.

    Examples
    --------
    >>> hidden = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    >>> figure = plot_hidden_space(
    ...     hidden,
    ...     torch.tensor([2.0, 2.0]),
    ...     torch.tensor(-1.0),
    ...     alt="A line cuts the corner (0, 0) off.",
    ... )
    """
    if tuple(hidden.shape) != (4, 2):
        raise ValueError(
            "hidden must have the shape (4, 2), four points and two hidden units, "
            f"got {tuple(hidden.shape)}"
        )
    inputs, targets = xor_dataset()
    with figure_style():
        figure, axes = new_figure(alt, height=4.4)
        _draw_line(axes, weight, bias)
        for point, target, (x, y) in zip(
            inputs.tolist(), targets.flatten().tolist(), hidden.tolist(), strict=True
        ):
            axes.scatter(
                x,
                y,
                s=120,
                marker=MARKERS[int(target)],
                color=ORANGE if target else BLUE,
                zorder=3,
            )
            axes.annotate(
                f"({point[0]:.0f},{point[1]:.0f})",
                (x, y),
                # (1,1) often falls on (0,0): their labels go to opposite sides.
                xytext=(9, -16) if point == [1.0, 1.0] else (9, 8),
                textcoords="offset points",
                fontweight="bold",
            )
        axes.set(
            xlim=(-0.15, 1.25),
            ylim=(-0.2, 1.2),
            xlabel="hidden unit 1",
            ylabel="hidden unit 2",
            aspect="equal",
        )
    return figure


def _draw_line(axes: Axes, weight: Tensor, bias: Tensor) -> None:
    """Draw weight[0] * x + weight[1] * y + bias = 0."""
    normal = weight.detach() / weight.detach().square().sum()
    through = (-bias.detach() * normal).tolist()
    along = (through[0] - normal[1].item(), through[1] + normal[0].item())
    axes.axline(tuple(through), along, color=INK, linestyle="--", label="output 0.5")
    axes.legend(loc="upper right")
