"""The videos of slopes: the point stands on its curve, and slopes come backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, Rectangle

from drawn import looks_of, places_of, texts_of
from nnbasics import plotting
from nnbasics._figure_tables import tables_of
from nnbasics.plotting.style import BLUE, INK, MUTED, ORANGE

pytestmark = pytest.mark.usefixtures("readable_figures")

approx = pytest.approx


def test_the_point_goes_along_the_curve_and_comes_to_rest() -> None:
    places, losses = [-1.0, 0.0, 2.0, 3.0], [1.0, 0.0, 4.0, 9.0]
    animation: Any = plotting.animate_knob(places, losses, 1.7, xlabel="w", ylabel="E")
    assert [*animation.new_frame_seq()] == [0, 1, 2, 3, 2, 2, 2, 2, 2]
    axes: Any = plt.gcf().axes[0]
    assert looks_of(axes) == {"x": "w", "y": "E", "grid": "xy"}
    curve, tangent, point = axes.lines
    assert [line.get_color() for line in axes.lines] == [BLUE, ORANGE, ORANGE]
    assert (tangent.get_linestyle(), point.get_marker()) == ("--", "o")
    assert [[*curve.get_xdata()], [*curve.get_ydata()]] == [places, losses]
    seen = axes.get_xlim(), axes.get_ylim()
    # the losses are the squares of the places, whose slope is twice the place
    for moment in (1, 2):
        assert animation._func(moment) == [point, tangent]
        x = places[moment]
        assert [point.get_xdata(), point.get_ydata()] == [[x], [x * x]]
        left, right = tangent.get_xdata()
        assert (left, right) == approx((x - 0.6, x + 0.6))
        below, above = tangent.get_ydata()
        assert (above - below) / (right - left) == approx(2 * x)
        assert (above + below) / 2 == approx(x * x)
    assert axes.get_title() == "at 2.00 the E is 4.000 and its slope +4.000"
    assert (axes.get_xlim(), axes.get_ylim()) == seen


def test_slopes_are_filled_in_backwards() -> None:
    # e = (z - 4)² with z = x · y + b, where x = 2, y = 3 and b = 1
    values = {"x": 2.0, "y": 3.0, "b": 1.0, "z": 7.0, "e": 9.0}
    links = {("x", "z"): 3.0, ("y", "z"): 2.0, ("b", "z"): 1.0, ("z", "e"): 6.0}
    animation: Any = plotting.animate_chain(values, links)
    frames = [frame for moment in range(7) for frame in [moment] * 5]
    assert [*animation.new_frame_seq()] == frames
    axes: Any = plt.gcf().axes[0]
    written = texts_of(axes)
    numbers = [f"{name} = {value:.3f}" for name, value in values.items()]
    on_links = ["× 3.000", "× 2.000", "× 1.000", "× 6.000"]
    slopes = {"e": 1, "z": 6, "b": 6, "y": 12, "x": 18}
    shown = [f"slope {slope:+.3f}" for slope in slopes.values()]
    assert sorted(written) == sorted([*numbers, *on_links, *shown])
    for moment in (6, 0, 1, 4):
        drawn = animation._func(moment)
        assert [text.get_text() for text in drawn] == [*on_links, *shown]
        visible = [text.get_visible() for text in drawn]
        count = max(moment - 1, 0)
        assert visible == [moment > 0] * 4 + [True] * count + [False] * (5 - count)
    assert {text.get_color() for text in drawn[:4]} == {MUTED}
    assert {text.get_color() for text in drawn[4:]} == {BLUE}
    assert {t.get_color() for t in axes.texts if t not in drawn} == {INK}
    (table,) = tables_of(plt.gcf())
    assert table.head == ["number", "value", "slope"]
    assert table.rows[1] == ["y", "3.000", "12.000"]
    animation._func(6)


def test_a_chain_stands_from_top_to_bottom() -> None:
    # x goes two ways: v = u + w, where u = 2x and w = 3x, has the slope 5
    values = {"x": 1.0, "u": 2.0, "w": 3.0, "v": 5.0}
    links = {("x", "u"): 2.0, ("x", "w"): 3.0, ("u", "v"): 1.0, ("w", "v"): 1.0}
    plotting.animate_chain(values, links)
    axes: Any = plt.gcf().axes[0]
    places = places_of(axes)
    middles = {"x": (0.5, 0), "u": (0.25, 1), "w": (0.75, 1), "v": (0.5, 2)}
    for name, (across, row) in middles.items():
        value = places[f"{name} = {values[name]:.3f}"]
        assert value == approx([across, row - 0.11])
    assert places["slope +5.000"] == approx([0.5, 0.11])
    assert (axes.yaxis_inverted(), axes.axison) == (True, False)
    boxes = [part for part in axes.patches if isinstance(part, Rectangle)]
    corners = [(0.355, -0.25), (0.105, 0.75), (0.605, 0.75), (0.355, 1.75)]
    places_of_boxes = sorted(box.get_xy() for box in boxes)
    assert np.array(places_of_boxes) == approx(np.array(sorted(corners)))
    arrows = [part for part in axes.patches if isinstance(part, FancyArrowPatch)]
    assert [to_hex(arrow.get_edgecolor()) for arrow in arrows] == [MUTED] * 4


def test_numbers_beside_arrows_from_both_sides_leave_them_free() -> None:
    plotting.animate_chain(
        {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0},
        {("a", "d"): 5.0, ("b", "d"): 6.0, ("c", "d"): 7.0},
    )
    axes: Any = plt.gcf().axes[0]
    for text in axes.texts:
        if text.get_text().startswith("×"):
            side = "right" if text.get_text() == "× 5.000" else "left"
            assert text.get_horizontalalignment() == side
    places = places_of(axes)
    assert places["× 5.000"][0] < 0.5 - 1 / 6 < 0.5 < places["× 6.000"][0]
    assert places["× 6.000"][0] < 0.5 + 1 / 6 < places["× 7.000"][0]
    assert places["× 5.000"][1] == places["× 7.000"][1] > places["× 6.000"][1]
