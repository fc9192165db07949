"""The diagram of a layer: its shapes, and which columns go to which head."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from nnbasics.plotting import plot_layer
from nnbasics.plotting.style import BLUE, GREEN, ORANGE

ALT = "Three heads between two projections."


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def stripes(figure: Figure) -> list[str]:
    patches = [patch for patch in figure.axes[0].patches if patch.get_fill()]
    assert all(isinstance(patch, Rectangle) for patch in patches)
    return [to_hex(patch.get_facecolor()) for patch in patches]


def test_the_shapes_in_the_boxes() -> None:
    figure = plot_layer(5, 21, 3, alt=ALT)
    texts = [text.get_text() for text in figure.axes[0].texts]
    whole = ["input", "queries", "keys", "values", "side by side", "output"]
    for name in whole:
        assert f"{name}, 5 × 21" in texts
    for head in range(3):
        assert f"3 attend\nhead {head}, 5 × 7" in texts
    assert figure.get_label() == ALT


def test_heads_have_one_colour_each_and_the_whole_has_all() -> None:
    colours = stripes(plot_layer(5, 21, 3, alt=ALT))
    three = [BLUE, ORANGE, GREEN]
    # queries, keys, values; then the heads; then side by side
    assert colours == three * 3 + three + three


def test_each_head_takes_from_queries_keys_and_values() -> None:
    figure = plot_layer(5, 21, 3, alt=ALT)
    arrows = [
        text.arrow_patch.get_edgecolor()
        for text in figure.axes[0].texts
        if isinstance(text, Annotation) and text.arrow_patch is not None
    ]
    for colour in (BLUE, ORANGE, GREEN):
        assert [to_hex(arrow) for arrow in arrows].count(colour) == 3 + 1


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match=r"num_heads must be at most 4.*got 5"):
        plot_layer(3, 5, 5, alt=ALT)
    with pytest.raises(ValueError, match="num_heads must divide d_model"):
        plot_layer(3, 5, 2, alt=ALT)
