"""The product of two tables, with one of its numbers worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from nnbasics import _checks as check
from nnbasics.plotting.style import (
    BLUE,
    CENTRED,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    WIDTH,
    in_lesson_style,
    new_figure,
)

__all__ = ["plot_product"]

# In units of one cell: between two tables, above them for their names, and below them
# for the sum. No cell is larger than this, in inches.
BETWEEN, ABOVE, BELOW, LARGEST = 1.0, 1.0, 1.2, 0.6
EDGE = 0.1  # room for the rim of a cell
CELL: Any = {"fill": False, "edgecolor": MUTED, "linewidth": 0.8}
CHOSEN: Any = {"alpha": 0.3, "linewidth": 0}
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
    figure, axes = _new_canvas(width, ABOVE + max(len(left), len(right)) + BELOW)
    places = _draw_tables(axes, tables, names)
    _colour(axes, places[0], (0, row), (left.size(1), 1), BLUE)
    _colour(axes, places[1], (column, 0), (1, len(right)), ORANGE)
    _colour(axes, places[2], (column, row), (1, 1), GREEN)
    products = zip(left[row].tolist(), right[:, column].tolist(), strict=True)
    written = " + ".join(f"{a:g} · {_in_sum(b)}" for a, b in products)
    result = tables[2][row, column].item()
    height = -ABOVE - max(len(left), len(right)) - BELOW / 2
    axes.text(width / 2, height, f"{written} = {result:g}", **SUM)
    return figure


def _require_product(
    left: Tensor, right: Tensor, row: int, column: int, names: Sequence[str]
) -> None:
    check.require_rank("left", left, 2, "(rows, size)")
    check.require_rank("right", right, 2, "(size, columns)")
    check.require_shape(
        "right", right, (left.size(1), right.size(1)), "(size, columns)"
    )
    sizes = {"row": (row, len(left)), "column": (column, right.size(1))}
    for name, (number, size) in sizes.items():
        check.require_int(name, number)
        if not 0 <= number < size:
            raise ValueError(f"{name} must be from 0 to {size - 1}, got {number}")
    if len(names) != 3:
        raise ValueError(f"names must hold 3 names, one a table, got {len(names)}")


def _new_canvas(width: float, height: float) -> tuple[Figure, Axes]:
    cell = min(WIDTH / (width + 2 * EDGE), LARGEST)
    figure, axes = new_figure(cell * height, layout="none")
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1)
    axes.set(xlim=(-EDGE, width + EDGE), ylim=(-height, 0), aspect="equal")
    axes.set_axis_off()
    return figure, axes


def _draw_tables(
    axes: Axes, tables: Sequence[Tensor], names: Sequence[str]
) -> list[float]:
    """Draw tables from left to right; return where each of them begins."""
    begin, places = 0.0, []
    for sign, name, table in zip("×= ", names, tables, strict=True):
        rows, columns = table.shape
        axes.text(begin + columns / 2, -ABOVE / 2, name, **CENTRED)
        for y, numbers in enumerate(table.tolist()):
            for x, number in enumerate(numbers):
                corner = (begin + x, -ABOVE - y - 1)
                axes.add_patch(Rectangle(corner, 1, 1, **CELL))
                axes.text(corner[0] + 0.5, corner[1] + 0.5, f"{number:g}", **SUM)
        places.append(begin)
        begin += columns + BETWEEN
        axes.text(begin - BETWEEN / 2, -ABOVE - rows / 2, sign, **SIGN, color=INK)
    return places


def _colour(
    axes: Axes,
    begin: float,
    cell: tuple[int, int],
    size: tuple[int, int],
    colour: str,
) -> None:
    """Colour cells of a table, from (column, row) on, so many (wide, high)."""
    corner = (begin + cell[0], -ABOVE - cell[1] - size[1])
    axes.add_patch(Rectangle(corner, *size, color=colour, **CHOSEN))


def _in_sum(number: float) -> str:
    return f"{number:g}" if number >= 0 else f"({number:g})"
