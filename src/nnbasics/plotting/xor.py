"""What networks make of XOR: over the plane, while they learn, and inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics.plotting.style import (
    BLUE,
    CLEARED,
    DIVERGING,
    INK,
    ON_DARK_CELL,
    ON_LIGHT_CELL,
    ORANGE,
    in_lesson_style,
    new_figure,
)
from nnbasics.plotting.videos import animated, new_stage
from nnbasics.xor import xor_dataset

__all__ = [
    "animate_decision_boundary",
    "plot_hidden_space",
]

LARGE = 4.4  # inches: the height of a figure with one plane

# Both inputs of the grid of points that a network is asked for.
SIDE = torch.linspace(-0.5, 1.5, 100)
TICKS = (-0.5, 0.0, 0.5, 1.0, 1.5)

COLOUR_BAR: Any = {"label": "output", "shrink": 0.9}
BOUNDARY: Any = {"levels": [0.5], "colors": ON_LIGHT_CELL}
LINE: Any = {"color": INK, "linestyle": "--", "label": "output 0.5"}
# An image and not contours: each frame of an animation only changes its numbers.
IMAGE: Any = {
    "origin": "lower",
    "interpolation": "bilinear",
    "cmap": DIVERGING,
    "vmin": 0.0,
    "vmax": 1.0,
}
# Room for the labels, as shares of the figure.
MARGINS = {"left": 0.12, "right": 0.98, "bottom": 0.12, "top": 0.92}

# Circles for the points whose target is 0, squares for those whose target is 1.
CIRCLE, SQUARE = {"marker": "o", "zorder": 3}, {"marker": "s", "zorder": 3}
EDGE = {"edgecolor": ON_LIGHT_CELL, "linewidth": 1.5, "s": 150}
ON_PLANE = (
    {**CIRCLE, **EDGE, "facecolor": ON_LIGHT_CELL},
    {**SQUARE, **EDGE, "facecolor": ON_DARK_CELL},
)
IN_HIDDEN_SPACE = (
    {**CIRCLE, "color": BLUE, "s": 120},
    {**SQUARE, "color": ORANGE, "s": 120},
)

# Where the names of the points stand, in typographic points from the middle of each.
# In the plane: towards the centre. In the hidden space, where points may fall on one
# another: on different sides.
NAMES_ON_PLANE = ((11, 9), (11, 9), (-11, 9), (-11, 9))
NAMES_IN_HIDDEN_SPACE = ((9, 8), (-9, 8), (9, 8), (9, -16))
ON_LINES: Any = {**CLEARED, "fontweight": "bold"}
ON_COLOURS: Any = {
    "fontweight": "bold",
    "color": ON_LIGHT_CELL,
    "fontsize": 11,
    "bbox": {"facecolor": ON_DARK_CELL, "alpha": 0.8, "edgecolor": "none", "pad": 1},
}


def _answers(network: nn.Module) -> Any:
    """Return what a network answers on the grid, (second input, first input)."""
    with torch.no_grad():
        answer = network(torch.cartesian_prod(SIDE, SIDE))
    output = answer[0] if isinstance(answer, tuple) else answer  # (10000, 1)
    return output.view(len(SIDE), len(SIDE)).T.numpy()


def _draw_boundary(axes: Axes, answers: Any) -> list[Any]:
    """Draw the line on which the answer is 0.5, if there is one, and return it."""
    if not answers.min() < 0.5 < answers.max():
        return []
    return [axes.contour(SIDE, SIDE, answers, **BOUNDARY)]


def mark_points(axes: Axes, places: Any, looks: Any) -> list[Any]:
    """Mark the four points of XOR by their targets."""
    targets = xor_dataset()[1].int().flatten().tolist()
    return [
        axes.scatter(*place, **looks[target])
        for place, target in zip(places, targets, strict=True)
    ]


def name_points(
    axes: Axes, places: Any, offsets: Sequence[tuple[int, int]], look: Any
) -> list[Any]:
    """Write the two inputs of each point beside it."""
    names = ["({:.0f},{:.0f})".format(*inputs) for inputs in xor_dataset()[0].tolist()]
    return [
        axes.annotate(
            name,
            place,
            xytext=offset,
            textcoords="offset points",
            ha="left" if offset[0] > 0 else "right",
            **look,
        )
        for name, place, offset in zip(names, places, offsets, strict=True)
    ]


@in_lesson_style
def animate_decision_boundary(networks: Mapping[str, nn.Module]) -> FuncAnimation:
    """Colour the plane by what several networks answer, one after the other.

    The answer is computed on a grid of 100 x 100 points over [-0.5, 1.5] squared; the
    scale goes from 0 to 1, and a line marks the answer 0.5. Circles are the points
    whose target is 0, squares those whose target is 1.

    In a notebook, ``HTML(animation.to_jshtml())`` plays it, with ``HTML`` from
    ``IPython.display``.

    Parameters
    ----------
    networks : mapping of str to torch.nn.Module
        The network at several moments of its training, by title. A network maps
        (points, 2) to (points, 1), or to a tuple that begins with it.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        A frame for each network. Its figure is the current one, and shows the last.

    Examples
    --------
    >>> from nnbasics import XORNetwork
    >>> animation = animate_decision_boundary({"start": XORNetwork()})
    """
    check.require_some("networks", networks, "network")
    # Computed here and not in each frame: an animation may be drawn more than once.
    moments = [(title, _answers(network)) for title, network in networks.items()]
    figure, axes = new_stage(LARGE, **MARGINS)
    image = _draw_plane(axes, moments[0][1])
    boundaries: list[Any] = []

    def draw(frame: int) -> list[Any]:
        title, answers = moments[frame]
        axes.set_title(title)
        image.set_data(answers)
        for boundary in boundaries:
            boundary.remove()
        boundaries[:] = _draw_boundary(axes, answers)
        return [image]

    return animated(figure, draw, [*range(len(moments))])


def _draw_plane(axes: Axes, answers: Any) -> Any:
    """Draw the plane as an image, which a frame can change, and all that stays."""
    ends = (TICKS[0], TICKS[-1])
    image = axes.imshow(answers, extent=(*ends, *ends), **IMAGE)
    inputs = xor_dataset()[0].tolist()
    mark_points(axes, inputs, ON_PLANE)
    name_points(axes, inputs, NAMES_ON_PLANE, ON_COLOURS)
    axes.set(xlabel="input 1", ylabel="input 2", xticks=TICKS, yticks=TICKS)
    axes.figure.colorbar(image, **COLOUR_BAR)
    return image


@in_lesson_style
def plot_hidden_space(hidden: Tensor, weight: Tensor, bias: Tensor) -> Figure:
    """Show where two hidden units put the points of XOR, and the line between them.

    Parameters
    ----------
    hidden : Tensor, shape (4, 2)
        The activations of the two hidden units for the four points.
    weight : Tensor, shape (2,)
        The weights of the output unit.
    bias : Tensor, shape ()
        Its bias. The line is where its weighted sum is 0 and its output 0.5.

    Returns
    -------
    matplotlib.figure.Figure
        The four points with their inputs, and the line.

    Examples
    --------
    >>> hidden = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    >>> figure = plot_hidden_space(hidden, torch.ones(2), torch.tensor(-0.5))
    """
    check.require_shape("hidden", hidden, (4, 2), "four points and two hidden units")
    check.require_shape("weight", weight, (2,), "a number for each hidden unit")
    check.require_shape("bias", bias, (), "one number")
    figure, axes = new_figure(LARGE)
    axes.grid()
    axes.set(xlabel="hidden unit 1", ylabel="hidden unit 2", aspect="equal")
    axes.set(xlim=(-0.23, 1.23), ylim=(-0.2, 1.2))
    draw_line(axes, weight.detach(), bias.detach())
    axes.legend()
    mark_points(axes, hidden.tolist(), IN_HIDDEN_SPACE)
    name_points(axes, hidden.tolist(), NAMES_IN_HIDDEN_SPACE, ON_LINES)
    return figure


def draw_line(axes: Axes, weight: Tensor, bias: Tensor) -> Any:
    """Draw weight[0] * x + weight[1] * y + bias = 0, through two points of it."""
    nearest = -bias * weight / weight.square().sum()  # to the origin
    another = nearest + torch.stack([-weight[1], weight[0]])
    ends: Any = nearest.tolist(), another.tolist()
    return axes.axline(*ends, **LINE)
