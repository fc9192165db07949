"""How a multi-head attention layer is built, and how it cuts vectors into heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from nnbasics import _checks as check
from nnbasics._attention_checks import require_heads
from nnbasics.multihead import split_heads
from nnbasics.plotting.style import (
    CENTRED,
    INK,
    MUTED,
    SERIES,
    in_lesson_style,
    new_figure,
    require_colours,
)
from nnbasics.plotting.tables import draw_table, name_rows, new_canvas

__all__ = ["plot_layer", "plot_split_heads"]

HEADING: Any = {"weight": "bold", "va": "center"}

# The diagram of a layer: where the rows of boxes and what is between them stand (step
# 3 stands in the boxes of the heads), and how large they are.
ROWS = {"input": 0.0, "projected": 1.4, "heads": 2.8, "joined": 4.2, "output": 5.6}
STEPS = {
    "1 project": 0.7,
    "2 split": 2.1,
    "4 concatenate": 3.5,
    "5 project once more": 4.9,
}
PROJECTIONS = {"queries": 1.7, "keys": 5.0, "values": 8.3}
LEFT, MIDDLE, RIGHT = 0.3, 5.0, 9.7
HIGH, WIDE, JOINED, BETWEEN_HEADS = 0.62, 3.0, 4.0, 0.4
HEIGHT, XLIM, YLIM = 5.6, (-0.1, 10.1), (6.0, -0.4)  # inches, and what is seen
STRIPE: Any = {"alpha": 0.3, "linewidth": 0}
OUTLINE: Any = {"fill": False, "edgecolor": INK, "linewidth": 1.2}
ARROW: Any = {"arrowstyle": "-|>", "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}

# The picture of the split, in units of one cell: what is beside a row, what is above a
# block, and what is between two columns of blocks.
BESIDE, ABOVE, GAP = 1.25, 0.9, 0.5
NAME = 0.35 * ABOVE  # from the name of a head down to what belongs to it


@in_lesson_style
def plot_layer(length: int, d_model: int, num_heads: int) -> Figure:
    """Draw the five steps of multi-head attention with the shape of each result.

    What belongs to one head has one colour, from the projections to the concatenation.

    Parameters
    ----------
    length : int
        The number of tokens.
    d_model : int
        The size of a token's vector.
    num_heads : int
        The number of heads, at most 4; it must divide `d_model`.

    Returns
    -------
    matplotlib.figure.Figure
        The diagram, to be read from top to bottom.

    Examples
    --------
    >>> figure = plot_layer(length=3, d_model=4, num_heads=2)
    >>> figure.axes[0].texts[0].get_text()
    'input, 3 × 4'
    """
    check.require_positive_int("length", length)
    colours = _colours_of_heads(num_heads, d_model)
    whole, part = f"{length} × {d_model}", f"{length} × {d_model // num_heads}"
    figure, axes = new_figure(HEIGHT)
    axes.set(xlim=XLIM, ylim=YLIM)
    axes.set_axis_off()
    _draw_box(axes, ("input", MIDDLE), WIDE, f"input, {whole}")
    for name, place in PROJECTIONS.items():
        _draw_arrow(axes, ("input", MIDDLE), ("projected", place), MUTED)
        _draw_box(axes, ("projected", place), WIDE, f"{name}, {whole}", colours)
    _draw_heads(axes, colours, part)
    _draw_box(axes, ("joined", MIDDLE), JOINED, f"side by side, {whole}", colours)
    _draw_arrow(axes, ("joined", MIDDLE), ("output", MIDDLE), MUTED)
    _draw_box(axes, ("output", MIDDLE), WIDE, f"output, {whole}")
    for name, height in STEPS.items():
        axes.text(0, height, name, **HEADING)
    return figure


def _colours_of_heads(num_heads: int, d_model: int) -> Sequence[str]:
    require_heads(d_model, num_heads)
    require_colours("num_heads", num_heads)
    return SERIES[:num_heads]


def _draw_heads(axes: Axes, colours: Sequence[str], shape: str) -> None:
    """Draw each head, what it takes of the projections, and what it hands on."""
    space = (RIGHT - LEFT) / len(colours)
    for head, colour in enumerate(colours):
        share = (head + 0.5) / len(colours) - 0.5  # from the middle, left or right
        here = ("heads", MIDDLE + (RIGHT - LEFT) * share)
        for place in PROJECTIONS.values():
            _draw_arrow(axes, ("projected", place + WIDE * share), here, colour)
        _draw_arrow(axes, here, ("joined", MIDDLE + JOINED * share), colour)
        text = f"3 attend\nhead {head}, {shape}"
        _draw_box(axes, here, space - BETWEEN_HEADS, text, [colour])


def _draw_box(
    axes: Axes,
    place: tuple[str, float],
    width: float,
    text: str,
    colours: Sequence[str] = (),
) -> None:
    """Draw a box with one coloured stripe for each head that has a part in it."""
    row, centre = place
    left, top = centre - width / 2, ROWS[row] - HIGH / 2
    for number, colour in enumerate(colours):
        stripe = width / len(colours)
        corner = (left + number * stripe, top)
        axes.add_patch(Rectangle(corner, stripe, HIGH, color=colour, **STRIPE))
    axes.add_patch(Rectangle((left, top), width, HIGH, **OUTLINE))
    axes.text(centre, ROWS[row], text, **CENTRED)


def _draw_arrow(
    axes: Axes, start: tuple[str, float], end: tuple[str, float], colour: str
) -> None:
    """Draw an arrow from the lower edge of a box to the upper edge of another."""
    axes.annotate(
        "",
        xytext=(start[1], ROWS[start[0]] + HIGH / 2),
        xy=(end[1], ROWS[end[0]] - HIGH / 2),
        arrowprops={**ARROW, "color": colour},
    )


@in_lesson_style
def plot_split_heads(x: Tensor, num_heads: int, tokens: Sequence[str]) -> Figure:
    """Show which columns go to which head, and what a bare view makes of them.

    A cell keeps the colour of the head that its column belongs to.

    Parameters
    ----------
    x : Tensor, shape (length, d_model)
        Projected vectors, one row a token. Small whole numbers read best.
    num_heads : int
        The number of heads, at most 4; it must divide d_model.
    tokens : sequence of str
        The words beside the rows, `length` of them.

    Returns
    -------
    matplotlib.figure.Figure
        Three columns of blocks: `x`; the heads of :func:`nnbasics.split_heads`; and
        ``x.view(num_heads, length, d_head)``, which has the same shape.

    Examples
    --------
    >>> figure = plot_split_heads(torch.eye(3, 4), 2, ["the", "cat", "sat"])
    >>> figure.axes[0].texts[0].get_text()
    'before'
    """
    check.require_rank("x", x, 2, "(length, d_model)")
    check.require_shape("x", x, (len(tokens), x.size(-1)), "(length, d_model)")
    _colours_of_heads(num_heads, x.size(-1))
    columns = _cut(x, num_heads)
    width = sum(BESIDE + blocks.size(-1) + GAP for blocks in columns.values()) - GAP
    height = ABOVE + num_heads * (ABOVE + len(x))
    figure, axes = new_canvas(width, height)
    left = BESIDE
    for title, blocks in columns.items():
        axes.text(left, ABOVE / 2, title, **HEADING)
        _draw_blocks(axes, left, blocks, tokens)
        left += blocks.size(-1) + GAP + BESIDE
    for head in range(num_heads):  # above its columns in the first block
        middle = BESIDE + (head + 0.5) * x.size(-1) / num_heads
        axes.text(middle, 2 * ABOVE - NAME, f"head {head}", ha="center")
    return figure


def _cut(x: Tensor, num_heads: int) -> dict[str, Tensor]:
    """Return by title (2, blocks, length, width): the numbers and their heads."""
    length, d_model = x.shape
    heads = torch.arange(d_model) // (d_model // num_heads)
    both = torch.stack([x, heads.expand(length, d_model)])
    return {
        "before": both.unsqueeze(1),
        "split": split_heads(both, num_heads),
        "view alone": both.reshape(2, num_heads, length, d_model // num_heads),
    }


def _draw_blocks(
    axes: Axes, left: float, blocks: Tensor, tokens: Sequence[str]
) -> None:
    """Draw blocks below each other, with the words beside their rows."""
    for number, (block, heads) in enumerate(zip(*blocks, strict=True)):
        corner = (left, 2 * ABOVE + number * (ABOVE + len(tokens)))
        if blocks.size(1) > 1:
            axes.text(left, corner[1] - NAME, f"head {number}")
        name_rows(axes, corner, tokens)
        colours = [[SERIES[head] for head in row] for row in heads.int().tolist()]
        draw_table(axes, corner, block, colours)
