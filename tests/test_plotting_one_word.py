"""One word in seven steps: the numbers are the attention's, each step adds its own."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from drawn import places_of
from nnbasics import plotting, scaled_dot_product_attention
from nnbasics._figure_tables import tables_of
from nnbasics.plotting.style import BLUE, GREEN, MUTED, ORANGE, PURPLE

pytestmark = pytest.mark.usefixtures("readable_figures")

WORDS = ["the", "cat", "sat"]
X = torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 1.0]])
W_QUERY = torch.tensor([[1.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
W_KEY = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 1.0]])
W_VALUE = torch.tensor([[-1.0, 0.0, 1.0], [1.0, 1.0, -1.0], [2.0, 0.0, -1.0]])
# Each step's two lines, and what is new in it.
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
NEW = [
    "embeddings W_Q query the cat sat 1 0 1 1 1 0 2 0 1 1 1 -1 0 0 -1 2 1",
    "W_K keys 1 0 1 0 -1 1 0 1 2 0 1 1",
    "W_V values -1 0 1 1 1 -1 2 0 -1 1 0 0 0 1 0 0 0 1",
    "score the cat sat 1 4 3",
    "divided 0.71 2.83 2.12",
    "weight 0.07 0.62 0.31",
    "output 0.07 0.62 0.31",
]
FRAMED = [3, 3, 3, 3, 2, 2, 3]  # how many tables take part


def draw(row: int = 2) -> Any:
    return plotting.animate_one_word(X, W_QUERY, W_KEY, W_VALUE, tokens=WORDS, row=row)


def test_each_step_adds_what_it_computes_and_frames_what_takes_part() -> None:
    animation, axes = draw(), plt.gcf().axes[0]
    assert [*animation.new_frame_seq()] == [step for step in range(7) for _ in range(8)]
    for step, lines in enumerate(STEPS):
        animation._func(step)
        shown = [*lines, *chain.from_iterable(new.split() for new in NEW[: step + 1])]
        seen = [text.get_text() for text in axes.texts if text.get_visible()]
        assert sorted(seen) == sorted(shown)
        boxes: list[Any] = [box for box in axes.patches if box.get_visible()]
        frames = [box for box in boxes if not box.get_fill()]
        assert len(frames) == FRAMED[step]
        cells = [box.get_bbox() for box in boxes if box.get_fill()]
        for frame in map(Rectangle.get_bbox, frames):  # each is around a table
            table = [cell for cell in cells if frame.contains(*cell.corners().mean(0))]
            assert Bbox.union(table).extents == pytest.approx(frame.extents)
        assert len(boxes) - len(frames) == sum(t[-1].isdigit() for t in shown[2:])
    colours = {to_hex(box.get_facecolor()) for box in axes.patches if box.get_fill()}
    assert colours == {MUTED, BLUE, ORANGE, GREEN, PURPLE}


def test_products_stand_below_their_matrices_and_beside_their_words() -> None:
    draw()
    places = places_of(plt.gcf().axes[0])
    for matrix, result in (("W_Q", "query"), ("W_K", "keys"), ("W_V", "values")):
        assert places[matrix][0] == places[result][0]
        assert places[matrix][1] < places[result][1]
    assert places["keys"][1] == places["values"][1] == places["embeddings"][1]
    in_the_row_of_sat = pytest.approx(places["keys"][1] + 2)
    assert places["query"][1] == in_the_row_of_sat
    for word, score in zip(WORDS, ["0.71", "2.83", "2.12"], strict=True):
        assert places[word][0] == pytest.approx(places[score][0])


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
