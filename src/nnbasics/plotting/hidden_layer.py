"""How a hidden layer bends the plane of its inputs until a line parts the points."""

from __future__ import annotations

from typing import Any

import torch
from matplotlib.animation import FuncAnimation
from matplotlib.axes import Axes
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.plotting.style import MUTED, in_lesson_style
from nnbasics.plotting.videos import animated, held, new_stage
from nnbasics.plotting.xor import (
    IN_HIDDEN_SPACE,
    draw_line,
    mark_points,
    name_points,
)
from nnbasics.xor import XORNetwork, xor_dataset

__all__ = ["animate_hidden_layer"]

HEIGHT = 5.0  # inches
MARGINS = {"left": 0.13, "right": 0.97, "bottom": 0.11, "top": 0.93}
LIMITS = (-0.35, 1.35)
# The lines of the grid, 0.2 apart, and the points on each.
FROM, TO, LINES, POINTS = -0.3, 1.3, 9, 81
STEPS = 16  # from the plane of the inputs to that of the hidden units
GRID: Any = {"color": MUTED, "linewidth": 0.8, "alpha": 0.35, "zorder": 1}
# Where the name of each point stands, in typographic points from its middle.
OFFSETS = ((-9, -20), (-9, 12), (9, -20), (9, 12))
NAME: Any = {"fontweight": "bold"}
TITLES = ("the inputs", "on the way", "the two hidden units", "and the line")


@in_lesson_style
def animate_hidden_layer(network: XORNetwork) -> FuncAnimation:
    """Move a grid and the points of XOR from the inputs to the two hidden units.

    Each point of the plane wanders in a straight line from its two inputs to its two
    activations. The way is drawn, and not computed by the network: its two ends are. At
    last the line appears on which the output is 0.5.

    Parameters
    ----------
    network : XORNetwork
        A network with two inputs, two hidden units and one output.

    Returns
    -------
    matplotlib.animation.FuncAnimation
        Its figure is the current one, and shows the line.

    Examples
    --------
    >>> animation = animate_hidden_layer(XORNetwork(hidden_size=2))
    """
    _require_two_units(network)
    figure, axes = new_stage(HEIGHT, **MARGINS)
    axes.set(xlabel="input 1, then hidden unit 1", ylabel="input 2, then hidden unit 2")
    axes.set(xlim=LIMITS, ylim=LIMITS, aspect="equal")
    grid, inputs = _draw_grid(axes), xor_dataset()[0]
    points = mark_points(axes, inputs.tolist(), IN_HIDDEN_SPACE)
    names = name_points(axes, inputs.tolist(), OFFSETS, NAME)
    line = draw_line(axes, network.fc2.weight[0].detach(), network.fc2.bias.detach())

    def draw(moment: int) -> list[Any]:
        share = min(moment, STEPS) / STEPS
        for drawn, places in grid:
            drawn.set_data(*_on_the_way(network, places, share).T.tolist())
        now = _on_the_way(network, inputs, share).tolist()
        for point, name, place in zip(points, names, now, strict=True):
            point.set_offsets([place])
            name.xy = place
        line.set_visible(moment > STEPS)
        axes.set_title(TITLES[(share > 0) + (share == 1) + (moment > STEPS)])
        return [line]

    moments = [*held([0]), *range(1, STEPS), *held([STEPS, STEPS + 1, STEPS + 1])]
    return animated(figure, draw, moments)


def _require_two_units(network: XORNetwork) -> None:
    check.require_instance("network", network, XORNetwork)
    sizes = (network.fc1.in_features, network.fc1.out_features, len(network.fc2.bias))
    if sizes != (2, 2, 1):
        raise ValueError(
            "network must have 2 inputs, 2 hidden units and 1 output, got "
            f"{sizes[0]}, {sizes[1]} and {sizes[2]}"
        )


def _draw_grid(axes: Axes) -> list[tuple[Any, Tensor]]:
    """Make the lines of the grid, upright and then level, each with its places."""
    along = torch.linspace(FROM, TO, POINTS)
    upright = [
        torch.stack([torch.full_like(along, place), along], dim=1)  # (POINTS, 2)
        for place in torch.linspace(FROM, TO, LINES).tolist()
    ]
    level = [places.flip(1) for places in upright]
    return [(axes.plot([], [], **GRID)[0], places) for places in upright + level]


def _on_the_way(network: XORNetwork, points: Tensor, share: float) -> Tensor:
    """Return where points, (..., 2), are after this share of their way."""
    with torch.no_grad():
        _, hidden = network(points)
    place: Tensor = points + share * (hidden - points)
    return place
