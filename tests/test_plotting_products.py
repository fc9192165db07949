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
    *written, line = [t for t in texts_of(axes) if t not in {*names, "×", "=", " "}]
    numbers = [*left.flatten(), *right.flatten(), *(left @ right).flatten()]
    assert written == [f"{number:g}" for number in numbers]
    assert line == "3 · 7 + 4 · (-9) + 5 · 1 = -10"
    assert {(text.get_ha(), text.get_va()) for text in axes.texts} == {("center",) * 2}
    places = places_of(axes)
    assert [places[text][0] for text in [*names, "×", "="]] == [1.5, 6, 11, 3.5, 8.5]
    coloured: dict[str, list[str]] = {BLUE: [], ORANGE: [], GREEN: []}
    for number, cell in zip(written, axes.patches, strict=True):
        coloured.setdefault(to_hex(cell.get_facecolor()), []).append(number)
    blue, orange, green, _ = coloured.values()
    assert (blue, orange, green) == (["3", "4", "5"], ["7", "-9", "1"], ["-10"])


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
