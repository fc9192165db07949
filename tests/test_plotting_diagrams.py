"""The diagrams of a layer: what belongs to a head has its colour, and its place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from drawn import places_of, texts_of
from nnbasics import plotting
from nnbasics.plotting.style import BLUE, MUTED, ORANGE, SERIES

pytestmark = pytest.mark.usefixtures("readable_figures")

approx = pytest.approx
WORDS = ["the", "cat", "sat"]


def test_numbers_that_are_split_keep_the_colour_of_their_column() -> None:
    figure = plotting.plot_split_heads(torch.arange(12.0).view(3, 4), 2, WORDS)
    axes: Any = figure.axes[0]
    by_column, by_head = [*range(12)], [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11]
    numbers = [text for text in axes.texts if text.get_text().isdigit()]
    written = [int(number.get_text()) for number in numbers]
    assert written == by_column + by_head + by_column
    for number, text, cell in zip(written, numbers, axes.patches, strict=True):
        assert to_hex(cell.get_facecolor()) == (BLUE if number % 4 < 2 else ORANGE)
        assert text.get_position() == approx(tuple(cell.get_center()))
    # blocks of 4, 2 and 2 columns side by side; of two heads one below the other
    corners = np.array([cell.get_xy() for cell in axes.patches])
    before, *split, view, _ = np.split(corners, [12, 18, 24, 30])
    assert before - before[0] == approx(np.array([[n % 4, n // 4] for n in by_column]))
    for block in (*split, view):
        steps = np.array([[n % 2, n // 2] for n in range(6)])
        assert block - block[0] == approx(steps)
    assert before[:, 0].max() + 1 < split[0][0, 0] < split[0][0, 0] + 2 < view[0, 0]
    assert split[0][:, 1].max() + 1 < split[1][0, 1]
    titles = ["before", "split", "view alone"]
    assert [text for text in texts_of(axes) if text in titles] == titles
    assert texts_of(axes).count("head 1") == 3
    words = [text for text in axes.texts if text.get_text() in WORDS]
    starts = [before[0], *(block[0] for block in split), view[0], corners[30]]
    beside = np.array(
        [
            [start[0] - 0.2, start[1] + row + 0.5]
            for start in starts
            for row in (0, 1, 2)
        ]
    )
    assert np.array([word.get_position() for word in words]) == approx(beside)


@pytest.mark.parametrize("num_heads", [1, 3, 4])
def test_the_boxes_of_a_layer_stand_in_rows_with_a_stripe_for_each_head(
    num_heads: int,
) -> None:
    axes: Any = plotting.plot_layer(5, 12, num_heads).axes[0]
    outlines = [box for box in axes.patches if not box.get_fill()]
    names = ["input", "queries", "keys", "values", "side by side", "output"]
    whole = [f"{name}, 5 × 12" for name in names]
    heads = [f"3 attend\nhead {n}, 5 × {12 // num_heads}" for n in range(num_heads)]
    texts = [text for text in axes.texts if "×" in text.get_text()]
    assert [t.get_text() for t in texts] == whole[:4] + heads + whole[4:]
    for text, box in zip(texts, outlines, strict=True):
        assert text.get_position() == approx(tuple(box.get_center()))
    sizes = [1, 3, num_heads, 1, 1]
    rows = np.split(np.array(outlines), np.cumsum(sizes)[:-1])
    heights = [row[0].get_y() for row in rows]
    assert np.diff(heights) == approx(np.full(4, heights[1] - heights[0]))
    for row in rows:
        left, _, right, _ = np.array([box.get_bbox().extents for box in row]).T
        assert left[0] + right[-1] == approx(sum(axes.get_xlim()))
        assert (left[1:] - right[:-1] > 0.25).all()
    # the stripes of a box, from left to right
    stripes = [box for box in axes.patches if box.get_fill()]
    for box in [*outlines[1:4], outlines[-2]]:
        inside = [
            part for part in stripes if box.get_bbox().contains(*part.get_center())
        ]
        assert [to_hex(p.get_facecolor()) for p in inside] == [*SERIES[:num_heads]]
    places = places_of(axes)
    assert heights[0] < places["1 project"][1] < places["2 split"][1] < heights[2]
    assert heights[3] < places["5 project once more"][1] < heights[4]


def test_arrows_lead_from_the_stripes_of_a_head_to_the_head_and_on() -> None:
    axes: Any = plotting.plot_layer(5, 21, 3).axes[0]
    outlines = [box for box in axes.patches if not box.get_fill()]
    stripes = [box for box in axes.patches if box.get_fill()]
    pairs = [(outlines[0], box) for box in outlines[1:4]] + [(outlines[7], outlines[8])]
    for head in range(3):
        pairs += [(stripes[3 * part + head], stripes[9 + head]) for part in range(3)]
        pairs += [(stripes[9 + head], stripes[12 + head])]
    arrows = [t for t in axes.texts if not t.get_text()]
    drawn = [(*t.get_position(), *t.xy, to_hex(t.arrowprops["color"])) for t in arrows]
    assert len(drawn) == len(pairs)
    for start, end in pairs:
        colour = to_hex(start.get_facecolor()) if start in stripes else MUTED
        (x0, _), (x1, _) = start.get_center(), end.get_center()
        ends = (x0, start.get_bbox().y1, x1, end.get_y())  # heights grow downwards
        assert (*map(approx, ends), colour) in drawn
