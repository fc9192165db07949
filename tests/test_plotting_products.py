"""A product of two tables: the numbers are right, and the coloured ones meet."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from matplotlib.colors import to_hex

from drawn import places_of, texts_of
from nnbasics import plotting
from nnbasics.plotting.style import BLUE, GREEN, ORANGE

pytestmark = pytest.mark.usefixtures("readable_figures")


def test_a_product_is_written_out_where_row_and_column_meet() -> None:
    left = torch.tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 5.0]])
    right = torch.tensor([[6.0, 7.0, 1.0, 0.0], [8.0, -9.0, 1.0, 0.0], [2.0, 1, 1, 11]])
    names = ["left", "right", "both"]
    figure = plotting.plot_product(left, right, row=1, column=1, names=names)
    axes: Any = figure.axes[0]
    texts = texts_of(axes)
    numbers = [*left.flatten(), *right.flatten(), *(left @ right).flatten()]
    written = [text for text in texts if text not in {*names, "×", "=", " "}]
    assert written[:-1] == [f"{number:g}" for number in numbers]
    assert texts[-1] == "3 · 7 + 4 · (-9) + 5 · 1 = -10"
    # tables of 3, 4 and 4 columns, one apart, each below its name
    places = places_of(axes)
    middles = {"left": 1.5, "right": 6.0, "both": 11.0, "×": 3.5, "=": 8.5}
    assert {name: places[name][0] for name in middles} == middles
    assert places["11"].tolist() == [7.5, -3.5]
    assert places["-10"].tolist() == [10.5, -2.5]
    coloured = {
        to_hex(patch.get_facecolor()): (*patch.get_xy(), *size_of(patch))
        for patch in axes.patches
        if patch.get_fill()
    }
    assert coloured == {
        BLUE: (0, -3, 3, 1),
        ORANGE: (5, -4, 1, 3),
        GREEN: (10, -3, 1, 1),
    }
    assert (axes.get_aspect(), axes.axison) == (1.0, False)


def size_of(patch: Any) -> tuple[float, float]:
    return patch.get_width(), patch.get_height()


@pytest.mark.parametrize("columns", [1, 3, 6])
def test_cells_are_as_large_as_there_is_room(columns: int) -> None:
    figure = plotting.plot_product(
        torch.ones(2, 2), torch.ones(2, columns), 0, 0, ["inputs", "b", "a @ b"]
    )
    (axes,) = figure.axes
    figure.draw_without_rendering()
    cell = axes.transData.transform((1, 0)) - axes.transData.transform((0, 0))
    room = figure.bbox.width / (4 + 2 * columns + 0.2)
    assert cell[0] == pytest.approx(min(room, 0.6 * figure.dpi), rel=0.001)
