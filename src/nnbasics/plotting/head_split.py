"""The figure of how vectors are cut into heads."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.multihead import split_heads
from nnbasics.plotting._head_panels import HEAD_COLOURS, require_colours
from nnbasics.plotting.style import WIDTH, figure_style, new_figure

__all__ = ["plot_split_heads"]

# In units of one cell.
_LABELS = 1.25  # the words beside the rows
_TITLE = 0.9  # the words above a block
_GAP = 0.5


def plot_split_heads(
    x: Tensor, num_heads: int, tokens: Sequence[str], *, alt: str
) -> Figure:
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
    alt : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    matplotlib.figure.Figure
        Three columns of blocks: `x`; the heads of :func:`nnbasics.split_heads`; and
        ``x.view(num_heads, length, d_head)``, which has the same shape.

    Raises
    ------
    TypeError
        If `x` is not a tensor or `num_heads` not an int.
    ValueError
        If `num_heads` is more than 4 or does not divide d_model, or `tokens` has the
        wrong length.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> x = torch.arange(12).reshape(3, 4)
    >>> figure = plot_split_heads(x, 2, ["the", "cat", "sat"], alt="Two heads.")
    >>> plt.close(figure)
    """
    _require_drawable(x, num_heads, tokens)
    length, d_model = x.shape
    d_head = d_model // num_heads
    owners = (torch.arange(d_model) // d_head).expand(length, d_model)
    columns = [
        ("before", x[None], owners[None]),
        ("split", split_heads(x, num_heads), split_heads(owners, num_heads)),
        (
            "view alone",
            x.reshape(num_heads, length, d_head),
            owners.reshape(num_heads, length, d_head),
        ),
    ]
    width = d_model + 2 * d_head + 3 * _LABELS + 2 * _GAP
    height = num_heads * (length + _TITLE) + _TITLE
    with figure_style():
        figure, axes = new_figure(alt, height=WIDTH * height / width)
        left = 0.0
        for title, blocks, block_owners in columns:
            left = _draw_column(axes, left, title, blocks, block_owners, tokens)
        axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        axes.set_axis_off()
    return figure


def _require_drawable(x: Tensor, num_heads: int, tokens: Sequence[str]) -> None:
    check.require_tensor("x", x)
    check.require_rank("x", x, 2, "(length, d_model)")
    check.require_divisor("num_heads", num_heads, "d_model", x.size(-1))
    require_colours(num_heads)
    if x.dim() != 2 or x.size(0) != len(tokens):
        raise ValueError(
            f"x must have the shape (length, d_model) with one row for each of the "
            f"{len(tokens)} tokens, got {tuple(x.shape)}"
        )


def _draw_column(
    axes: Axes,
    left: float,
    title: str,
    blocks: Tensor,
    owners: Tensor,
    tokens: Sequence[str],
) -> float:
    """Draw blocks (count, length, width) below each other; return the next left."""
    count, length, width = blocks.shape
    left += _LABELS
    axes.text(left, 0.5 * _TITLE, title, weight="bold", va="center")
    for block in range(count):
        top = _TITLE + block * (length + _TITLE) + _TITLE
        if count > 1:
            axes.text(left, top - 0.35 * _TITLE, f"head {block}")
        else:
            _name_the_columns(axes, left, top, owners[0, 0])
        _draw_block(axes, (left, top), blocks[block], owners[block], tokens)
    return left + width + _GAP


def _name_the_columns(axes: Axes, left: float, top: float, owners: Tensor) -> None:
    for head in owners.unique().tolist():
        middle = left + 0.5 + owners.eq(head).nonzero().float().mean().item()
        axes.text(middle, top - 0.35 * _TITLE, f"head {head}", ha="center")


def _draw_block(
    axes: Axes,
    corner: tuple[float, float],
    values: Tensor,
    owners: Tensor,
    tokens: Sequence[str],
) -> None:
    left, top = corner
    for row, token in enumerate(tokens):
        middle = top + row + 0.5
        axes.text(left - 0.15, middle, token, fontsize=11, ha="right", va="center")
        for column, value in enumerate(values[row].tolist()):
            colour = HEAD_COLOURS[int(owners[row, column])]
            cell = Rectangle((left + column, top + row), 1, 1, fc=colour, ec=colour)
            cell.set(alpha=0.3, linewidth=1)
            axes.add_patch(cell)
            axes.text(
                left + column + 0.5,
                middle,
                f"{value:g}",
                fontsize=12,
                ha="center",
                va="center",
            )
