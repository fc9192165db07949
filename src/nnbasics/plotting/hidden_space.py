"""What the hidden layer makes of the points of XOR."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.plotting.decision_boundary import MARKERS
from nnbasics.plotting.style import BLUE, INK, ORANGE, PAPER, figure_style, new_figure
from nnbasics.xor import xor_dataset

__all__ = ["plot_hidden_space"]


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
    TypeError
        If an argument is not a tensor.
    ValueError
        If there are not four points and two hidden units, or `weight` or `bias` has
        another shape.

    Examples
    --------
    >>> import torch
    >>> hidden = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    >>> figure = plot_hidden_space(
    ...     hidden,
    ...     torch.tensor([2.0, 2.0]),
    ...     torch.tensor(-1.0),
    ...     alt="A line cuts the corner (0, 0) off.",
    ... )
    """
    check.require_shape("hidden", hidden, (4, 2), "four points and two hidden units")
    check.require_shape("weight", weight, (2,), "a number for each hidden unit")
    check.require_shape("bias", bias, (), "one number")
    inputs, targets = xor_dataset()
    with figure_style():
        figure, axes = new_figure(alt, height=4.4)
        _draw_line(axes, weight, bias)
        for (x_in, y_in), target, (x, y) in zip(
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
                f"({x_in:.0f},{y_in:.0f})",
                (x, y),
                # Points that fall on one another have their names on different sides.
                xytext=(-9 if y_in > x_in else 9, -16 if x_in and y_in else 8),
                ha="right" if y_in > x_in else "left",
                textcoords="offset points",
                fontweight="bold",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
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
