"""A drawn network, with the numbers that flow through it for one input."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics._figure_tables import attach_table
from nnbasics.plotting.style import (
    BLUE,
    CENTRED,
    CLEARED,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    in_lesson_style,
    new_figure,
)
from nnbasics.xor import XORNetwork

__all__ = ["plot_forward_pass"]

# The units of a layer are 1 apart. The layers are 2 apart, with these names above them.
LAYERS = {"input": 0.0, "hidden": 2.0, "output": 4.0}
POSITIVE: Any = {"color": BLUE, "linestyle": "-", "zorder": 1}
NEGATIVE: Any = {"color": ORANGE, "linestyle": (0, (3, 1.5)), "zorder": 1}
THINNEST, THICKEST = 0.8, 6.0
# The weights of lines that meet stand at different places along them, in turn.
ALONG = (0.36, 0.62)
CIRCLE: Any = {
    "s": 1250,
    "facecolor": PAPER,
    "edgecolor": INK,
    "linewidth": 1.5,
    "zorder": 2,
}
VALUE: Any = {**CENTRED, "zorder": 4}
TO_BIAS = 0.43  # from the middle of a unit
LABEL: Any = {**CENTRED, **CLEARED, "zorder": 3}
BIAS: Any = {**LABEL, "color": MUTED}
LAYER: Any = {"ha": "center", "color": MUTED}
HEIGHT_OF_ROW, HEIGHT_OF_REST = 0.95, 1.0  # inches
# What is left free of the diagram at the sides, below, and above the names.
SIDES, BELOW, ABOVE = 0.5, 0.05, 0.3


@in_lesson_style
def plot_forward_pass(network: XORNetwork, x: Tensor) -> Figure:
    """Draw a network and what each of its units computes for one input.

    Each circle holds the number that leaves the unit. Each line carries its weight:
    the heavier, the wider; blue and solid where it is positive, orange and dashed
    where it is negative. The bias of a unit stands beside its circle.

    Parameters
    ----------
    network : XORNetwork
        The network.
    x : Tensor, shape (input_size,)
        One input.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes without ticks.

    Examples
    --------
    >>> figure = plot_forward_pass(XORNetwork(), torch.tensor([0.0, 1.0]))
    >>> drawn = [text.get_text() for text in figure.axes[0].texts]
    >>> "0.00" in drawn, "1.00" in drawn
    (True, True)
    """
    check.require_instance("network", network, XORNetwork)
    check.require_shape("x", x, (network.fc1.in_features,), "one number for each input")
    with torch.no_grad():
        output, hidden = network(x)
    figure, axes = _new_diagram(max(len(x), len(hidden), len(output)))
    inputs = _places(LAYERS["input"], len(x))
    units = _places(LAYERS["hidden"], len(hidden))
    outputs = _places(LAYERS["output"], len(output))
    _draw_weights(axes, network.fc1.weight, inputs, units)
    _draw_weights(axes, network.fc2.weight, units, outputs)
    _draw_units(axes, inputs, x)
    _draw_units(axes, units, hidden, network.fc1.bias)
    _draw_units(axes, outputs, output, network.fc2.bias)
    _attach_layer(figure, "hidden units", network.fc1, hidden)
    _attach_layer(figure, "output", network.fc2, output)
    return figure


def _new_diagram(rows: int) -> tuple[Figure, Axes]:
    """Make a figure for columns of units, and name the columns."""
    figure, axes = new_figure(HEIGHT_OF_ROW * rows + HEIGHT_OF_REST)
    top = 0.5 * rows + 0.4
    axes.set(xlim=(-SIDES, LAYERS["output"] + SIDES), ylim=(-top - BELOW, top + ABOVE))
    axes.set_aspect("equal")
    axes.set_axis_off()
    for name, column in LAYERS.items():
        axes.text(column, top, name, **LAYER)
    return figure, axes


def _places(column: float, units: int) -> NDArray[np.float64]:
    """Return the middle of each unit of a layer, (units, 2), around the height 0."""
    heights = (units - 1) / 2 - np.arange(units)
    return np.column_stack([np.full(units, column), heights])


def _draw_weights(
    axes: Axes,
    weights: Tensor,
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
) -> None:
    for receiver, sender in product(range(len(ends)), range(len(starts))):
        weight = weights[receiver, sender].item()
        start, end = starts[sender], ends[receiver]
        look = POSITIVE if weight >= 0 else NEGATIVE
        width = min(THINNEST + abs(weight), THICKEST)
        axes.plot(*np.transpose([start, end]), linewidth=width, **look)
        x, y = start + ALONG[sender % 2] * (end - start)
        axes.text(x, y, _signed(weight), **LABEL)


def _draw_units(
    axes: Axes,
    places: NDArray[np.float64],
    values: Tensor,
    biases: Tensor | None = None,
) -> None:
    for number, (x, y) in enumerate(places):
        axes.scatter(x, y, **CIRCLE)
        axes.text(x, y, f"{values[number]:.2f}", **VALUE)
        if biases is not None:
            # on the side away from the middle, where no line arrives
            beside = y + (TO_BIAS if y > 0 else -TO_BIAS)
            text = f"bias {_signed(biases[number].item())}"
            axes.text(x, beside, text, **BIAS)


def _signed(number: float) -> str:
    """Write two decimals, and fewer from 10 on, so that labels do not meet."""
    return f"{number:+.2f}" if abs(number) < 10 else f"{number:+.3g}"


def _attach_layer(
    figure: Figure, name: str, layer: nn.Linear, activations: Tensor
) -> None:
    """Keep the weights, the biases and the activations of a layer as a table."""
    bias, activation = layer.bias.unsqueeze(1), activations.unsqueeze(1)  # (units, 1)
    numbers = torch.cat([layer.weight, bias, activation], dim=1).tolist()
    senders = [f"weight {number + 1}" for number in range(layer.in_features)]
    head = ["unit", *senders, "bias", "activation"]
    rows = [(str(number + 1), row) for number, row in enumerate(numbers)]
    attach_table(figure, name, head, rows)
