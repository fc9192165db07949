"""The videos of slopes: the point stands on its curve, and slopes come backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from drawn import looks_of, places_of, texts_of
from nnbasics import plotting
from nnbasics._figure_tables import tables_of

pytestmark = pytest.mark.usefixtures("readable_figures")

approx = pytest.approx


def test_the_point_goes_along_the_curve_and_comes_to_rest() -> None:
    places, losses = [-1.0, 0.0, 2.0, 3.0], [1.0, 0.0, 4.0, 9.0]
    animation: Any = plotting.animate_knob(places, losses, 1.7, xlabel="w")
    assert [*animation.new_frame_seq()] == [0, 1, 2, 3, 2, 2, 2, 2, 2]
    axes: Any = plt.gcf().axes[0]
    assert looks_of(axes) == {"x": "w", "y": "loss", "grid": "xy"}
    curve, tangent, point = axes.lines
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
    assert axes.get_title() == "at 2.00 the loss is 4.000 and its slope +4.000"
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
    for moment in (0, 1, 4, 6):
        drawn = animation._func(moment)
        assert [text.get_text() for text in drawn] == [*on_links, *shown]
        visible = [text.get_visible() for text in drawn]
        count = max(moment - 1, 0)
        assert visible == [moment > 0] * 4 + [True] * count + [False] * (5 - count)
    (table,) = tables_of(plt.gcf())
    assert table.head == ["number", "value", "slope"]
    assert table.rows[1] == ["y", "3.000", "12.000"]


def test_a_chain_stands_from_top_to_bottom_and_numbers_leave_arrows_free() -> None:
    values = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0}
    links = {("a", "d"): 5.0, ("b", "d"): 6.0, ("c", "d"): 7.0, ("d", "e"): 8.0}
    plotting.animate_chain(values, links)
    axes: Any = plt.gcf().axes[0]
    boxes = [part for part in axes.patches if isinstance(part, Rectangle)]
    middles = [(1 / 6, 0), (1 / 2, 0), (5 / 6, 0), (1 / 2, 1), (1 / 2, 2)]
    assert np.array([box.get_center() for box in boxes]) == approx(np.array(middles))
    assert axes.yaxis_inverted()
    assert {text.get_va() for text in axes.texts} == {"center"}
    places = places_of(axes)
    for box, (name, value) in zip(boxes, values.items(), strict=True):
        assert box.get_bbox().contains(*places[f"{name} = {value:.3f}"])
    assert places["× 5.000"][0] < 1 / 3 < 1 / 2 < places["× 6.000"][0]
    assert places["× 6.000"][0] < 2 / 3 < places["× 7.000"][0]
    assert places["× 5.000"][1] == places["× 7.000"][1] > places["× 6.000"][1]
