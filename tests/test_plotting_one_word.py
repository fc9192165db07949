"""One word in seven steps: the numbers are the attention's, each step adds its own."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from drawn import texts_of
from nnbasics import plotting, scaled_dot_product_attention
from nnbasics._figure_tables import tables_of
from nnbasics.plotting.style import BLUE, GREEN, MUTED, ORANGE, PURPLE, WIDTH

pytestmark = pytest.mark.usefixtures("readable_figures")

approx = pytest.approx
WORDS = ["the", "cat", "sat"]
X = torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 1.0]])
W_QUERY = torch.tensor([[1.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
W_KEY = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 1.0]])
W_VALUE = torch.tensor([[-1.0, 0.0, 1.0], [1.0, 1.0, -1.0], [2.0, 0.0, -1.0]])
STEPS = [
    ("1  The query: embedding times W_Q", "'sat': 2 · 1 + 0 · (-1) + 1 · 0 = 2"),
    ("2  The keys: embeddings times W_K", "'cat': 1 · 1 + 1 · 1 + 0 · (-1) = 2"),
    ("3  The values: embeddings times W_V", "'cat': 1 · (-1) + 1 · 1 + 0 · 2 = 0"),
    ("4  The scores: the query times each key", "'cat': 2 · 2 + 1 · 0 = 4"),
    ("5  Divide by the square root of d_k", "'cat': 4 / √2 = 2.83"),
    (
        "6  Softmax: the weights",
        "'cat': e to the power of 2.83, divided by the sum of all",
    ),
    (
        "7  The output: the values, each times its weight",
        "'sat': 0.07 · 1 + 0.62 · 0 + 0.31 · 0 = 0.07",
    ),
]
# What each step shows for the first time.
NEW = [
    "embeddings W_Q query the cat sat 1 0 1 1 1 0 2 0 1 1 1 -1 0 0 -1 2 1",
    "W_K keys 1 0 1 0 -1 1 0 1 2 0 1 1",
    "W_V values -1 0 1 1 1 -1 2 0 -1 1 0 0 0 1 0 0 0 1",
    "score the cat sat 1 4 3",
    "divided 0.71 2.83 2.12",
    "weight 0.07 0.62 0.31",
    "output 0.07 0.62 0.31",
]
FRAMED = [3, 3, 3, 3, 2, 2, 3]  # how many blocks take part


def draw(row: int = 2) -> tuple[Any, Any]:
    """Return the animation, and the axes that it draws into."""
    animation = plotting.animate_one_word(
        X, W_QUERY, W_KEY, W_VALUE, tokens=WORDS, row=row
    )
    return animation, plt.gcf().axes[0]


def seen(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_visible()]


def frames_of(axes: Any) -> list[Any]:
    return [box for box in axes.patches if not box.get_fill() and box.get_visible()]


def test_each_step_adds_what_it_computes() -> None:
    animation, axes = draw()
    assert animation.event_source.interval == 200
    assert len([*animation.new_frame_seq()]) == 7 * 8
    shown: list[str] = []
    for number, (caption, new) in enumerate(zip(STEPS, NEW, strict=True)):
        shown += new.split()
        for frame in (8 * number, 8 * number + 7):
            assert animation._func(frame) == []
            assert sorted(seen(axes)) == sorted([*shown, *caption])
            assert len(frames_of(axes)) == FRAMED[number]
    assert sorted(texts_of(axes)) == sorted([*shown, *chain.from_iterable(STEPS)])


def test_the_figure_shows_the_last_step() -> None:
    _, axes = draw()
    assert set(STEPS[-1]) < set(seen(axes))
    assert not axes.axison
    assert len(frames_of(axes)) == 3
    width, height = plt.gcf().get_size_inches()
    assert width == WIDTH
    assert 10 * height == approx(round(10 * height))  # even in pixels, for the video


def test_products_stand_below_their_matrices_and_beside_their_words() -> None:
    animation, axes = draw()
    cells: dict[str, list[Any]] = {}
    for box in axes.patches:
        if box.get_fill():
            cells.setdefault(to_hex(box.get_facecolor()), []).append(box)
    sizes = {colour: len(boxes) for colour, boxes in cells.items()}
    assert sizes == {MUTED: 9, BLUE: 8, ORANGE: 12, GREEN: 18, PURPLE: 12}
    middles = [box.get_center() for box in chain.from_iterable(cells.values())]
    places = [text.get_position() for text in axes.texts]
    for middle in middles:  # of each cell: its number
        assert any(place == approx(tuple(middle)) for place in places)
    rows = [box.get_y() for box in cells[MUTED][::3]]
    for colour, size in ((ORANGE, 6), (GREEN, 9)):
        matrix, product = cells[colour][:size], cells[colour][size:]
        assert [box.get_x() for box in matrix] == [box.get_x() for box in product]
        assert sorted({box.get_y() for box in product}) == rows
    # the query stands in the row of its word
    assert {box.get_y() for box in cells[BLUE][6:]} == {cells[MUTED][-1].get_y()}
    # nothing overlaps
    edges = [box.get_bbox().extents.tolist() for box in cells[PURPLE][:3]]
    assert all(one[2] == approx(other[0]) for one, other in pairwise(edges))
    animation._func(0)
    (word,) = [box for box in frames_of(axes) if box.get_width() == approx(3)]
    assert isinstance(word, Rectangle)
    last = cells[MUTED][6]
    assert (word.get_xy(), word.get_height()) == (last.get_xy(), 1)


def test_the_table_holds_the_attention_of_the_word() -> None:
    draw(row=1)
    (table,) = tables_of(plt.gcf())
    assert (table.caption, table.head) == ("the row of 'cat'", ["step", *WORDS])
    _, weights = scaled_dot_product_attention(X @ W_QUERY, X @ W_KEY, X @ W_VALUE)
    assert table.rows == [
        ["score", "1.00", "0.00", "1.00"],
        ["divided", "0.71", "0.00", "0.71"],
        ["weight", *(f"{weight:.2f}" for weight in weights[1])],
    ]
