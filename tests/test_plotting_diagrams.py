"""The diagrams of a layer: what belongs to a head has its colour, and its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from drawn import boxes_of, places_of, texts_of
from nnbasics import plotting
from nnbasics.plotting.style import BLUE, GREEN, MUTED, ORANGE, WIDTH

WORDS = ["the", "cat", "sat"]


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_numbers_that_are_split_keep_the_colour_of_their_column() -> None:
    x = torch.arange(1, 13).reshape(3, 4)
    (axes,) = plotting.plot_split_heads(x, 2, WORDS).axes
    by_column, by_head = list(range(1, 13)), [1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12]
    numbers = [text for text in axes.texts if text.get_text().isdigit()]
    written = [int(number.get_text()) for number in numbers]
    assert written == by_column + by_head + by_column
    cells: list[Any] = list(axes.patches)
    for number, text, cell in zip(written, numbers, cells, strict=True):
        colour = BLUE if (number - 1) % 4 < 2 else ORANGE
        assert to_hex(cell.get_facecolor()) == to_hex(cell.get_edgecolor()) == colour
        assert text.get_position() == pytest.approx(tuple(cell.get_center()))
    others = Counter(text for text in texts_of(axes) if not text.isdigit())
    assert others == {
        **dict.fromkeys(["before", "split", "view alone"], 1),
        **dict.fromkeys(["head 0", "head 1"], 3),
        **dict.fromkeys(WORDS, 5),
    }


def test_the_blocks_of_a_split_stand_in_three_columns() -> None:
    figure = plotting.plot_split_heads(torch.arange(1, 13).view(3, 4) / 2, 2, WORDS)
    (axes,) = figure.axes
    assert "0.5" in texts_of(axes)
    corners = np.array([box.p0 for box in boxes_of(axes, filled=True)])
    blocks = np.split(corners, [12, 18, 24, 30])
    for block, columns in zip(blocks, (4, 2, 2, 2, 2), strict=True):
        cells = [[n % columns, n // columns] for n in range(len(block))]
        assert block - block[0] == pytest.approx(np.array(cells))
    before, *heads = [block[0] for block in blocks]
    right, down = heads[0] - before, heads[1] - heads[0]
    assert right[0] > 4 + 1  # room for words
    assert right[1] == down[0] == 0
    assert 3 < down[1] < 4.5  # room for a name
    assert heads[2] - heads[0] == pytest.approx([right[0] - 2, 0])
    assert heads[3] - heads[2] == pytest.approx(down)
    # words end at the left of the middles of their rows
    words = [t for t in axes.texts if t.get_text() in WORDS]
    starts = [start for start in (before, *heads) for _ in WORDS]
    for number, (word, start) in enumerate(zip(words, starts, strict=True)):
        x, y = word.get_position() - start
        assert (word.get_text(), word.get_ha()) == (WORDS[number % 3], "right")
        assert -0.4 < x < 0
        assert y == pytest.approx(number % 3 + 0.5)
    # titles begin where their blocks do, above the names of heads
    places = places_of(axes)
    for title, start in (
        ("before", before),
        ("split", heads[0]),
        ("view alone", heads[2]),
    ):
        assert places[title][0] == pytest.approx(start[0])
        assert 0 < places[title][1] < start[1] - 1
    names = [t for t in axes.texts if t.get_text().startswith("head")]
    above = [
        *heads,
        before + np.array([1, 0]),
        before + np.array([3, 0]),
    ]  # or over the middle of columns
    for number, (name, start) in enumerate(zip(names, above, strict=True)):
        assert name.get_text() == f"head {number % 2}"
        assert name.get_ha() == ("center" if number >= 4 else "left")
        x, y = name.get_position() - start
        assert x == pytest.approx(0)
        assert -0.5 < y < -0.2
    # from the words at the left to the last cell; a cell is a square
    assert (axes.get_xlim()[0], axes.get_ylim()[1]) == (0, 0)
    assert [axes.get_xlim()[1], axes.get_ylim()[0]] == pytest.approx(
        corners.max(axis=0) + 1
    )
    assert 1 < before[0] == pytest.approx(right[0] - 4, abs=0.6)
    size = figure.get_size_inches()
    assert size[1] / WIDTH == pytest.approx(axes.get_ylim()[0] / axes.get_xlim()[1])
    assert (axes.get_aspect(), axes.axison) == (1.0, False)


def test_a_layer_has_its_shapes_and_one_colour_for_each_head() -> None:
    (axes,) = plotting.plot_layer(5, 21, 3).axes
    boxes = ["input", "queries", "keys", "values", "side by side", "output"]
    steps = ["1 project", "2 split", "4 concatenate", "5 project once more"]
    heads = [f"3 attend\nhead {head}, 5 × 7" for head in range(3)]
    texts = {text for text in texts_of(axes) if text}
    assert texts == {*(f"{box}, 5 × 21" for box in boxes), *steps, *heads}
    stripes = [to_hex(box.get_facecolor()) for box in axes.patches if box.get_fill()]
    # queries, keys and values; then the heads; then side by side
    three = [BLUE, ORANGE, GREEN]
    assert stripes == three * 3 + three + three
    drawn: list[Any] = list(axes.texts)
    arrows = [to_hex(t.arrow_patch.get_edgecolor()) for t in drawn if not t.get_text()]
    # a head takes from queries, keys and values, and hands on what it made of them
    assert Counter(arrows) == {**dict.fromkeys(three, 3 + 1), MUTED: 3 + 1}


@pytest.mark.parametrize("num_heads", [1, 2, 4])
def test_the_boxes_of_a_layer_stand_in_rows_joined_by_arrows(num_heads: int) -> None:
    (axes,) = plotting.plot_layer(3, 8, num_heads).axes
    outlines = boxes_of(axes, filled=False)
    middles = [(box.p0 + box.p1) / 2 for box in outlines]
    # each box has a text in its middle
    labels = [t for t in axes.texts if "×" in t.get_text()]
    for label, middle in zip(labels, middles, strict=True):
        assert label.get_position() == pytest.approx(tuple(middle))
        assert (label.get_ha(), label.get_va()) == ("center", "center")
    # rows at equal distances: one box, three, the heads, one, and one
    rows = np.array([y for _, y in middles])
    heights = np.unique(rows.round(9))
    assert np.diff(heights) == pytest.approx(heights[1] - heights[0])
    counts = [np.isclose(rows, height).sum() for height in heights]
    assert counts == [1, 3, num_heads, 1, 1]
    for height in heights:
        row = [
            box for box, y in zip(outlines, rows, strict=True) if np.isclose(y, height)
        ]
        assert {round(box.width, 9) for box in row} == {round(row[0].width, 9)}
        gaps = [right.x0 - left.x1 for left, right in pairwise(row)]
        assert gaps == pytest.approx([gaps[0]] * len(gaps) if gaps else [])
        assert all(0.2 < gap < 0.6 for gap in gaps)
        # in the middle of the diagram, and inside of it
        assert row[0].x0 + row[-1].x1 == pytest.approx(sum(axes.get_xlim()))
        assert axes.get_xlim()[0] < row[0].x0
    # the stripes of the heads fill a box
    stripes = iter(boxes_of(axes, filled=True))
    filled = [*outlines[1:4], *outlines[4:-2], outlines[-2]]
    for box in filled:
        parts = 1 if box in outlines[4:-2] else num_heads
        edges = np.linspace(box.x0, box.x1, parts + 1)
        for left, right in pairwise(edges):
            stripe = next(stripes)
            assert stripe.extents == pytest.approx([left, box.y0, right, box.y1])
    assert next(stripes, None) is None
    # an arrow leads from the lower edge of a box to the upper edge of one in the next
    # row; those of a head from and to its stripes
    arrows: list[Any] = [t for t in axes.texts if not t.get_text()]
    parts = boxes_of(axes, filled=True) + outlines
    for arrow in arrows:
        (x0, y0), (x1, y1) = arrow.get_position(), arrow.xy
        above = [box for box in parts if y0 == pytest.approx(box.y1)]
        below = [box for box in parts if y1 == pytest.approx(box.y0)]
        assert any(x0 == pytest.approx((box.x0 + box.x1) / 2) for box in above)
        assert any(x1 == pytest.approx((box.x0 + box.x1) / 2) for box in below)
        assert min(box.y0 for box in below) - max(box.y1 for box in above) > 0.5
    # the names of the steps stand between the rows, at the left
    steps = [
        places_of(axes)[name] for name in ("1 project", "2 split", "4 concatenate")
    ]
    assert [x for x, _ in steps] == [0, 0, 0]
    between = (heights[1:] + heights[:-1]) / 2
    assert [y for _, y in steps] == pytest.approx(between[:3])
    assert places_of(axes)["5 project once more"] == pytest.approx([0, between[3]])
    assert axes.get_ylim()[0] > heights[-1] > heights[0] > axes.get_ylim()[1]
    assert not axes.axison
