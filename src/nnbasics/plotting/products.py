"""The product of two tables, with one of its numbers worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.plotting.style import (
    BLUE,
    CENTRED,
    GREEN,
    ORANGE,
    PAPER,
    in_lesson_style,
)
from nnbasics.plotting.tables import draw_table, new_canvas, sum_of_products

__all__ = ["plot_product"]

# In units of one cell: between two tables, above them for their names, and below them
# for the sum.
BETWEEN, ABOVE, BELOW = 1.0, 1.0, 1.2
SIGN: Any = {**CENTRED, "fontsize": 14}
SUM: Any = {**CENTRED, "fontsize": 12}


@in_lesson_style
def plot_product(
    left: Tensor, right: Tensor, row: int, column: int, names: Sequence[str]
) -> Figure:
    """Draw two tables and their product, and work out one of its numbers.

    The row and the column that meet in this number are coloured, and their products
    stand below, added up.

    Parameters
    ----------
    left : Tensor, shape (rows, size)
        The first table. Small whole numbers read best.
    right : Tensor, shape (size, columns)
        The second one.
    row, column : int
        The place of the number that is worked out.
    names : sequence of str
        What the three tables are called.

    Returns
    -------
    matplotlib.figure.Figure
        One set of axes without ticks.

    Examples
    --------
    >>> from torch import tensor
    >>> left, right = tensor([[0.0, 1.0]]), tensor([[3.0], [5.0]])
    >>> figure = plot_product(left, right, row=0, column=0, names=["a", "b", "a @ b"])
    >>> figure.axes[0].texts[-1].get_text()
    '0 · 3 + 1 · 5 = 5'
    """
    _require_product(left, right, row, column, names)
    tables = (left, right, left @ right)
    width = sum(table.size(1) for table in tables) + 2 * BETWEEN
    height = ABOVE + max(len(left), len(right)) + BELOW
    figure, axes = new_canvas(width, height)
    _draw_tables(axes, tables, names, row, column)
    written = sum_of_products(left[row], right[:, column])
    axes.text(width / 2, height - BELOW / 2, written, **SUM)
    return figure


def _require_product(
    left: Tensor, right: Tensor, row: int, column: int, names: Sequence[str]
) -> None:
    check.require_rank("left", left, 2, "(rows, size)")
    check.require_rank("right", right, 2, "(size, columns)")
    check.require_shape(
        "right", right, (left.size(1), right.size(1)), "(size, columns)"
    )
    check.require_index("row", row, len(left))
    check.require_index("column", column, right.size(1))
    if len(names) != 3:
        raise ValueError(f"names must hold 3 names, one a table, got {len(names)}")


def _draw_tables(
    axes: Axes, tables: Sequence[Tensor], names: Sequence[str], row: int, column: int
) -> None:
    """Draw the three tables from left to right; coloured is what meets in a number."""
    colours = [[[PAPER] * table.size(1) for _ in table] for table in tables]
    colours[0][row] = [BLUE] * len(colours[0][row])
    for numbers in colours[1]:
        numbers[column] = ORANGE
    colours[2][row][column] = GREEN
    left = 0.0
    for table, name, sign, cells in zip(tables, names, "×= ", colours, strict=True):
        rows, columns = table.shape
        axes.text(left + columns / 2, ABOVE / 2, name, **CENTRED)
        draw_table(axes, (left, ABOVE), table, cells)
        left += columns + BETWEEN
        axes.text(left - BETWEEN / 2, ABOVE + rows / 2, sign, **SIGN)
