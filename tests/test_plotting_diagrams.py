"""The diagrams of a layer: what belongs to a head has its colour, and its place."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from drawn import places_of
from nnbasics import plotting
from nnbasics.plotting import layer_diagrams as drawing
from nnbasics.plotting.style import BLUE, GREEN, MUTED, ORANGE, WIDTH

pytestmark = pytest.mark.usefixtures("readable_figures")

approx = pytest.approx
WORDS = ["the", "cat", "sat"]


def test_numbers_that_are_split_keep_the_colour_of_their_column() -> None:
    figure = plotting.plot_split_heads(torch.arange(12).view(3, 4) / 2, 2, WORDS)
    axes: Any = figure.axes[0]
    by_column, by_head = [*range(12)], [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11]
    numbers = [text for text in axes.texts if text.get_text()[0].isdigit()]
    written = [2 * float(number.get_text()) for number in numbers]
    assert written == by_column + by_head + by_column
    for number, text, cell in zip(written, numbers, axes.patches, strict=True):
        colour = BLUE if number % 4 < 2 else ORANGE
        assert to_hex(cell.get_facecolor()) == to_hex(cell.get_edgecolor()) == colour
        assert text.get_position() == approx(tuple(cell.get_center()))
        assert (text.get_ha(), text.get_va()) == ("center", "center")
    # blocks stand in three columns
    beside, above, gap = drawing.BESIDE, drawing.ABOVE, drawing.GAP
    left = np.cumsum([beside, 4 + gap + beside, 2 + gap + beside])  # of each column
    top = np.array([2 * above, 3 * above + 3])  # of each row of blocks
    cells = np.split(
        np.array([cell.get_xy() for cell in axes.patches]), [12, 18, 24, 30]
    )
    assert cells[0] == approx(
        np.array([[left[0] + n % 4, top[0] + n // 4] for n in range(12)])
    )
    for number, block in enumerate(cells[1:]):
        corner = left[1 + number // 2], top[number % 2]
        steps = [[n % 2, n // 2] for n in range(6)]
        assert block == approx(np.array(corner) + steps)
    assert axes.get_xlim() == approx((0, left[2] + 2))
    assert axes.get_ylim() == approx((top[1] + 3, 0))
    height = WIDTH * (top[1] + 3) / (left[2] + 2)
    assert figure.get_figheight() == approx(height)  # a cell is a square
    assert (axes.get_aspect(), axes.axison) == (1.0, False)
    titles = zip(["before", "split", "view alone"], left, strict=True)
    expected = [(title, x, above / 2) for title, x in titles]
    name = top - drawing.NAME
    expected += [(f"head {n}", left[0] + 2 * n + 1, name[0]) for n in (0, 1)]
    expected += [(f"head {n}", x, name[n]) for n in (0, 1) for x in left[1:]]
    starts = [(left[0], top[0]), *((x, y) for x in left[1:] for y in top)]
    for x, y in starts:
        right = x - drawing.TO_WORD
        expected += [(word, right, y + n + 0.5) for n, word in enumerate(WORDS)]
    words = [t for t in axes.texts if t.get_text()[0].isalpha()]
    drawn = {(t.get_text(), *np.round(t.get_position(), 6)) for t in words}
    assert drawn == {(text, round(x, 6), round(y, 6)) for text, x, y in expected}
    assert {t.get_ha() for t in words if t.get_text() in WORDS} == {"right"}


def boxes_of(axes: Any, *, filled: bool) -> list[Any]:
    return [box for box in axes.patches if box.get_fill() == filled]


@pytest.mark.parametrize("num_heads", [1, 4])
def test_the_boxes_of_a_layer_stand_in_rows(num_heads: int) -> None:
    axes: Any = plotting.plot_layer(5, 12, num_heads).axes[0]
    outlines = boxes_of(axes, filled=False)
    names = ["input", "queries", "keys", "values", "side by side", "output"]
    whole = [f"{name}, 5 × 12" for name in names]
    heads = [f"3 attend\nhead {n}, 5 × {12 // num_heads}" for n in range(num_heads)]
    texts = [t for t in axes.texts if "×" in t.get_text()]
    assert [t.get_text() for t in texts] == whole[:4] + heads + whole[4:]
    for text, box in zip(texts, outlines, strict=True):
        assert text.get_position() == approx(tuple(box.get_center()))
    sizes = [1, 3, num_heads, 1, 1]
    rows = np.split(np.array(outlines), np.cumsum(sizes)[:-1])
    for row, height in zip(rows, drawing.ROWS.values(), strict=True):
        # around the middle, equally high and wide, at equal distances
        left, low, right, high = np.array([box.get_bbox().extents for box in row]).T
        assert low == approx(height - drawing.HIGH / 2)
        assert high == approx(height + drawing.HIGH / 2)
        assert right - left == approx(right[0] - left[0])
        assert left[0] + right[-1] == approx(sum(drawing.XLIM))
        assert np.diff(left) == approx((left[-1] - left[0]) / max(1, len(row) - 1))
        assert (left[1:] - right[:-1] > 0.25).all()
    assert rows[2][0].get_x() == approx(drawing.LEFT + drawing.BETWEEN_HEADS / 2)
    places = places_of(axes)
    assert {name: places[name][1] for name in drawing.STEPS} == drawing.STEPS
    assert {places[name][0] for name in drawing.STEPS} == {0}
    assert not axes.axison


def test_what_belongs_to_a_head_has_its_colour() -> None:
    axes: Any = plotting.plot_layer(5, 21, 3).axes[0]
    outlines, stripes = boxes_of(axes, filled=False), boxes_of(axes, filled=True)
    # queries, keys and values; then the heads; then side by side
    assert [to_hex(box.get_facecolor()) for box in stripes] == [BLUE, ORANGE, GREEN] * 5
    filled = iter(stripes)
    for box, parts in zip(outlines[1:8], (3, 3, 3, 1, 1, 1, 3), strict=True):
        for left, right in pairwise(
            np.linspace(box.get_x(), box.get_bbox().x1, parts + 1)
        ):
            stripe = [left, box.get_y(), right, box.get_bbox().y1]
            assert next(filled).get_bbox().extents == approx(stripe)
    # arrows lead from the middle of a lower edge to that of an upper edge: a head takes
    # from its stripes of queries, keys and values, and hands on to its stripe
    pairs = [(outlines[0], box) for box in outlines[1:4]] + [(outlines[7], outlines[8])]
    for head in range(3):
        pairs += [(stripes[3 * part + head], stripes[9 + head]) for part in range(3)]
        pairs += [(stripes[9 + head], stripes[12 + head])]
    arrows = [t for t in axes.texts if not t.get_text()]
    drawn = [(*t.get_position(), *t.xy, to_hex(t.arrowprops["color"])) for t in arrows]
    assert len(drawn) == len(pairs)
    for start, end in pairs:
        colour = to_hex(start.get_facecolor()) if start in stripes else MUTED
        (x0, y0), (x1, y1) = start.get_center(), end.get_center()
        y0, y1 = y0 + drawing.HIGH / 2, y1 - drawing.HIGH / 2
        assert (*map(approx, (x0, y0, x1, y1)), colour) in drawn
