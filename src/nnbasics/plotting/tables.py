"""What pictures of tables share: cells with numbers, and sums of products as words.

One cell is the unit; heights are counted from top to bottom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from nnbasics.plotting.style import CENTRED, INK, WIDTH, new_figure

__all__ = ["draw_table", "name_rows", "new_canvas", "sum_of_products", "written"]

LARGEST = 0.6  # inches, of a cell
RIM, TO_WORD = 0.1, 0.2  # around all cells, and between a word and its row
CELL: Any = {"alpha": 0.3, "linewidth": 1, "edgecolor": INK}
NUMBER: Any = {**CENTRED, "fontsize": 11}
WORD: Any = {"fontsize": 11, "ha": "right", "va": "center"}


def new_canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a figure without axes for so many cells, as large as there is room."""
    width, height = width + 2 * RIM, height + 2 * RIM
    figure, axes = new_figure(min(WIDTH / width, LARGEST) * height, layout="none")
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1)
    axes.set(xlim=(-RIM, width - RIM), ylim=(height - RIM, -RIM), aspect="equal")
    axes.set_axis_off()
    return figure, axes


def draw_table(
    axes: Axes,
    corner: tuple[float, float],
    table: Tensor,
    colours: Sequence[Sequence[str]],
    wide: float = 1.0,
) -> list[Any]:
    """Draw a table from its upper left corner on, with a colour for each cell."""
    drawn: list[Any] = []
    for row, numbers in enumerate(table.tolist()):
        for column, number in enumerate(numbers):
            x, y = corner[0] + column * wide, corner[1] + row
            look = {**CELL, "facecolor": colours[row][column]}
            drawn.append(axes.add_patch(Rectangle((x, y), wide, 1, **look)))
            text = axes.text(x + wide / 2, y + 0.5, written(number), **NUMBER)
            drawn.append(text)
    return drawn


def name_rows(
    axes: Axes, corner: tuple[float, float], words: Sequence[str]
) -> list[Any]:
    """Write a word beside each row of a table."""
    x, y = corner[0] - TO_WORD, corner[1] + 0.5
    return [axes.text(x, y + row, word, **WORD) for row, word in enumerate(words)]


def sum_of_products(one: Tensor, other: Tensor) -> str:
    """Write out how two vectors are multiplied number by number and added up.

    Examples
    --------
    >>> from torch import tensor
    >>> sum_of_products(tensor([2.0, 0.25]), tensor([3.0, -1.0]))
    '2 · 3 + 0.25 · (-1) = 5.75'
    """
    pairs = zip(map(written, one.tolist()), map(written, other.tolist()), strict=True)
    terms = [f"{a} · {f'({b})' if b.startswith('-') else b}" for a, b in pairs]
    return f"{' + '.join(terms)} = {written((one @ other).item())}"


def written(number: float) -> str:
    """Write a whole number without decimals, any other with two.

    Examples
    --------
    >>> written(3.0), written(-0.001), written(0.5)
    ('3', '0.00', '0.50')
    """
    whole = abs(number - round(number)) < 1e-4
    return f"{number:z.0f}" if whole else f"{number:z.2f}"
