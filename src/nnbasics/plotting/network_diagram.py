"""A drawn network, with the numbers that flow through it for one input."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from nnbasics import _checks as check
from nnbasics._table import attach_table
from nnbasics.plotting.style import (
    BLUE,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    figure_style,
    new_figure,
)
from nnbasics.xor import XORNetwork

__all__ = ["plot_forward_pass"]

COLUMN_SPACING = 2.0
ROW_SPACING = 1.0
NODE_RADIUS = 0.3

Place = tuple[float, float]


def plot_forward_pass(network: XORNetwork, x: Tensor, *, alt: str) -> Figure:
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
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes without ticks.

    Raises
    ------
    TypeError
        If `network` is not an XORNetwork or `x` is not a tensor of its dtype.
    ValueError
        If `x` does not hold one number for each input.

    Examples
    --------
    >>> from nnbasics import XORNetwork
    >>> figure = plot_forward_pass(
    ...     XORNetwork(), torch.tensor([0.0, 1.0]), alt="The input (0, 1) gives 0.6."
    ... )
    >>> drawn = [text.get_text() for text in figure.axes[0].texts]
    >>> "0.00" in drawn, "1.00" in drawn
    (True, True)
    """
    check.require_instance("network", network, XORNetwork)
    check.require_shape("x", x, (network.fc1.in_features,), "one number for each input")
    with torch.no_grad():
        output, hidden = network(x)
    layers = [x.tolist(), hidden.tolist(), output.tolist()]
    rows = max(len(layer) for layer in layers)
    with figure_style():
        figure, axes = new_figure(alt, height=0.95 * rows + 1.0)
        axes.set_axis_off()
        axes.set_aspect("equal")
        places = [_places(column, len(layer)) for column, layer in enumerate(layers)]
        for column, layer in enumerate((network.fc1, network.fc2)):
            _draw_weights(axes, layer.weight, places[column], places[column + 1])
        biases = [None, network.fc1.bias, network.fc2.bias]
        for values, bias, spots in zip(layers, biases, places, strict=True):
            _draw_units(axes, values, bias, spots)
        _name_layers(axes, rows)
    _attach_layer(figure, "hidden units", network.fc1, hidden)
    _attach_layer(figure, "output", network.fc2, output)
    return figure


def _places(column: int, units: int) -> list[Place]:
    """Return the centres of the units of a layer, the column centred on height 0."""
    top = ROW_SPACING * (units - 1) / 2
    return [(COLUMN_SPACING * column, top - ROW_SPACING * row) for row in range(units)]


def _draw_weights(
    axes: Axes, weights: Tensor, starts: list[Place], ends: list[Place]
) -> None:
    for end, row in zip(ends, weights.tolist(), strict=True):
        for number, (start, weight) in enumerate(zip(starts, row, strict=True)):
            colour, dash = (BLUE, "-") if weight >= 0 else (ORANGE, (0, (3, 1.5)))
            axes.plot(
                *zip(start, end, strict=True),
                color=colour,
                linestyle=dash,
                linewidth=min(0.8 + abs(weight), 6.0),
                zorder=1,
            )
            # The labels of lines that meet are put at different places along them.
            along = 0.36 if number % 2 == 0 else 0.62
            x, y = (a + along * (b - a) for a, b in zip(start, end, strict=True))
            _label(axes, x, y, _signed(weight), INK)


def _draw_units(
    axes: Axes, values: list[float], bias: Tensor | None, places: list[Place]
) -> None:
    for number, ((x, y), value) in enumerate(zip(places, values, strict=True)):
        circle = axes.scatter([x], [y], s=1250, facecolor=PAPER, edgecolor=INK)
        circle.set(linewidth=1.5, zorder=2)
        axes.text(x, y, f"{value:.2f}", ha="center", va="center", zorder=4)
        if bias is not None:
            # on the side away from the middle, where no line arrives
            beside = 0.43 if y > 0 else -0.43
            _label(axes, x, y + beside, f"bias {_signed(bias[number].item())}", MUTED)


def _attach_layer(
    figure: Figure, name: str, layer: nn.Linear, activations: Tensor
) -> None:
    """Keep the weights, the biases and the activations of a layer as a table."""
    bias, activation = layer.bias.unsqueeze(1), activations.unsqueeze(1)  # (units, 1)
    numbers = torch.cat([layer.weight, bias, activation], dim=1).tolist()
    senders = [f"weight {number + 1}" for number in range(layer.in_features)]
    attach_table(
        figure,
        caption=name,
        head=["unit", *senders, "bias", "activation"],
        rows=[(str(number + 1), row) for number, row in enumerate(numbers)],
    )


def _signed(number: float) -> str:
    """Write two decimals, and fewer from 10 on, so that labels do not meet."""
    return f"{number:+.2f}" if abs(number) < 10 else f"{number:+.3g}"


def _label(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    axes.text(
        x,
        y,
        text,
        color=colour,
        ha="center",
        va="center",
        zorder=3,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
    )


def _name_layers(axes: Axes, rows: int) -> None:
    height = ROW_SPACING * rows / 2 + 0.4
    for column, name in enumerate(("input", "hidden", "output")):
        axes.text(COLUMN_SPACING * column, height, name, ha="center", color=MUTED)
    axes.set_xlim(-0.5, 2 * COLUMN_SPACING + 0.5)
    axes.set_ylim(-height - 0.05, height + 0.3)
