"""Curves and bars: what is drawn is the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from drawn import looks_of, texts_of, ticks_of
from nnbasics import plotting
from nnbasics._figure_tables import Table, tables_of
from nnbasics.plotting.style import BLUE, INK, SERIES

pytestmark = pytest.mark.usefixtures("readable_figures")


def curves(data: Any, **options: Any) -> Any:
    return plotting.plot_curves(data, xlabel="size", ylabel="time", **options)


def test_curves_are_drawn_at_their_places() -> None:
    data = {"1st": [1, 4, 9], "2nd": [2, 3, 5], "3rd": [6, 7, 8], "4th": [-1, -2, -3]}
    figure = curves(data, x=[1.5, 2.5, 5])
    (axes,) = figure.axes
    assert {line.get_label(): [*line.get_ydata()] for line in axes.lines} == data
    assert all([*line.get_xdata()] == [1.5, 2.5, 5] for line in axes.lines)
    assert [text.get_text() for text in figure.legends[0].texts] == [*data]
    # each has a look of its own in three ways
    assert tuple(line.get_color() for line in axes.lines) == SERIES
    assert len({line.get_linestyle() for line in axes.lines}) == 4
    assert len({line.get_marker() for line in axes.lines} - {"None", ""}) == 4
    assert looks_of(axes) == {"x": "size", "y": "time", "grid": "xy"}
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    assert axes.get_ylim()[0] < -3
    (table,) = tables_of(figure)
    assert (table.caption, table.head) == ("time", ["size", *data])
    assert table.rows[1] == ["2.5", "4", "3", "7", "-2"]


@pytest.mark.parametrize(("count", "tables"), [(2, 1), (20, 1), (21, 0)])
def test_a_single_curve_needs_no_legend_and_a_long_one_has_no_table(
    count: int, tables: int
) -> None:
    curve = [5.4321 + number for number in range(count)]
    figure = curves({"loss": curve})
    (line,) = figure.axes[0].lines
    assert line.get_xydata() == pytest.approx(np.array([*enumerate(curve)]))
    assert line.get_marker() == ("o" if tables else "")
    assert (figure.axes[0].get_ylim()[0], figure.legends) == (0, [])
    assert not np.any(figure.axes[0].get_xticks() % 1)  # no tick at half an epoch
    assert [table.rows[0] for table in tables_of(figure)] == [["0", "5.43"]] * tables


def test_logarithmic_axes_have_a_tick_at_each_value() -> None:
    places: Any = np.array([4, 1024])
    (axes,) = curves({"a": [1.0, 0.1]}, x=places, log_x=True, log_y=True).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert ticks_of(axes)[1] == ["4", "1024"]
    assert len(axes.xaxis.get_minorticklocs()) == 0


def test_bars_carry_their_numbers() -> None:
    heights = {"a": 0.5, "two words in it": 2, "c": 1.23456}
    figure = plotting.plot_bars(heights, xlabel="x", ylabel="y")
    (axes,) = figure.axes
    figure.draw_without_rendering()
    bars: list[Any] = list(axes.patches)
    assert [bar.get_height() for bar in bars] == [0.5, 2, 1.23456]
    assert texts_of(axes) == ["0.5", "2", "1.23"]
    for bar, number in zip(bars, axes.texts, strict=True):
        box, above = bar.get_window_extent(), number.get_window_extent()
        assert box.y1 < above.y0 < above.y1 < axes.bbox.y1
        assert to_hex(bar.get_facecolor()) == BLUE
    assert ticks_of(axes)[1] == ["a", "two words\nin it", "c"]
    assert looks_of(axes) == {"x": "x", "y": "y", "grid": "y"}
    rows = [["a", "0.5"], ["two words in it", "2"], ["c", "1.23"]]
    assert tables_of(figure) == [Table("", ["x", "y"], rows)]


def test_groups_of_bars_share_a_scale() -> None:
    panels: Any = {
        "first": {"one": [0.25, -0.5, 1.25], "two": [0.1, 0.2, 0.3]},
        "second": {"one": [1.0, 2.0, 3.0], "two": [0.0, 0.5, 0.125]},
    }
    figure = plotting.plot_shares(panels, ["a", "b", "c"], ylabel="share")
    figure.draw_without_rendering()
    assert len(figure.axes) == 2
    for axes, (title, groups) in zip(figure.axes, panels.items(), strict=True):
        assert axes.get_title() == title
        assert looks_of(axes) == {"x": "", "y": "share", "grid": ""}
        assert axes.get_ylim() == figure.axes[0].get_ylim()
        zero: Any = axes.lines[0]
        assert ([*zero.get_ydata()], zero.get_color()) == ([0, 0], INK)
        bars: list[Any] = list(axes.patches)
        # bar by bar of the first label, then of the second
        heights = [groups[name][label] for label in range(3) for name in groups]
        assert [bar.get_height() for bar in bars] == heights
        assert texts_of(axes) == [f"{height:.2f}" for height in heights]
        colours = [colour for colour in SERIES[:3] for _ in groups]
        assert [to_hex(bar.get_facecolor()) for bar in bars] == colours
        # side by side, around the place of their group
        for number in range(2):
            middles = [bar.get_x() + bar.get_width() / 2 for bar in bars[number::2]]
            assert middles == sorted(middles)
            assert middles[1] == pytest.approx(number)
    assert ticks_of(figure.axes[1])[1] == ["one", "two"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.texts] == ["a", "b", "c"]
    rows = [["one", "0.25", "-0.50", "1.25"], ["two", "0.10", "0.20", "0.30"]]
    assert tables_of(figure)[0] == Table("first, share", ["group", "a", "b", "c"], rows)
    assert [table.caption for table in tables_of(figure)][1] == "second, share"
