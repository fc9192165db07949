"""Curves, bars, the drawn network, decision boundaries: what is drawn is the data."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.contour import QuadContourSet
from torch import Tensor
from torch.testing import assert_close

from nnbasics import XORNetwork, plotting
from nnbasics._table import Table, tables_of
from nnbasics.plotting.style import BLUE, ORANGE

ALT = "What the figure shows."


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def texts_of(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def markers_of(axes: Axes) -> list[PathCollection]:
    return [part for part in axes.collections if isinstance(part, PathCollection)]


def places_of(axes: Axes) -> list[list[float]]:
    return [np.asarray(c.get_offsets())[0].tolist() for c in markers_of(axes)]


def contours_of(axes: Axes) -> list[QuadContourSet]:
    return [c for c in axes.collections if isinstance(c, QuadContourSet)]


def lines_at_one_half(axes: Axes) -> int:
    return sum(not c.filled for c in contours_of(axes))


def test_curves_are_drawn_at_their_places() -> None:
    curves = {"1st": [1, 4, 9], "2nd": [2, 3, 5], "3rd": [6, 7, 8], "4th": [0, 0, 0]}
    figure = plotting.plot_curves(
        {**curves, "5th": [-1, -2, -3]},
        x=[10, 20, 40],
        xlabel="size",
        ylabel="time",
        alt=ALT,
        markers=True,
    )
    (axes,) = figure.axes
    lines: list[Any] = list(axes.lines)
    assert {line.get_label(): [*line.get_ydata()] for line in lines[:4]} == curves
    assert all([*line.get_xdata()] == [10, 20, 40] for line in lines)
    # told apart by more than their colour
    assert len({line.get_marker() for line in lines}) == 5
    assert len({line.get_linestyle() for line in lines}) == 4
    assert axes.get_legend() is not None
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("size", "time")
    assert axes.get_ylim()[0] < -3
    (table,) = tables_of(figure)
    assert (table.caption, table.head) == ("time", ["size", *curves, "5th"])
    assert table.rows[1] == ["20", "4", "3", "7", "0", "-2"]


@pytest.mark.parametrize(("count", "tables"), [(2, 1), (20, 1), (21, 0)])
def test_a_single_curve_needs_no_legend_and_a_long_one_has_no_table(
    count: int, tables: int
) -> None:
    curve = [5.0 + number for number in range(count)]
    figure = plotting.plot_curves({"loss": curve}, xlabel="", ylabel="", alt=ALT)
    (line,) = figure.axes[0].lines
    assert line.get_xydata() == pytest.approx(np.array([*enumerate(curve)]))
    assert line.get_marker() == "None"
    assert figure.axes[0].get_ylim()[0] == 0
    assert figure.axes[0].get_legend() is None
    assert len(tables_of(figure)) == tables


def test_logarithmic_axes_have_a_tick_at_each_value() -> None:
    scales: Any = {"log_x": True, "log_y": True}
    figure = plotting.plot_curves(
        {"loss": [1.0, 0.1]}, x=[4, 1024], xlabel="", ylabel="", alt=ALT, **scales
    )
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["4", "1024"]
    assert len(axes.xaxis.get_minorticklocs()) == 0


def test_bars_carry_their_numbers() -> None:
    heights = {"a": 0.5, "two words in it": 2, "c": 1.23456}
    figure = plotting.plot_bars(heights, xlabel="x", ylabel="y", alt=ALT)
    (axes,) = figure.axes
    bars: list[Any] = list(axes.patches)
    assert [bar.get_height() for bar in bars] == [0.5, 2, 1.23456]
    assert texts_of(axes) == ["0.5", "2", "1.23"]
    names = [tick.get_text() for tick in axes.get_xticklabels()]
    assert names == ["a", "two words\nin it", "c"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")
    rows = [["a", "0.5"], ["two words in it", "2"], ["c", "1.23"]]
    assert tables_of(figure) == [Table("", ["x", "y"], rows)]


def test_the_drawn_network_has_each_number_at_its_place() -> None:
    network = XORNetwork(input_size=2, hidden_size=3)
    with torch.no_grad():
        network.fc1.weight.copy_(torch.tensor([[1.5, -2.5], [-0.25, 9.5], [-20, 0]]))
        network.fc1.bias.copy_(torch.tensor([0.5, -0.75, 12.34]))
        network.fc2.weight.copy_(torch.tensor([[3.0, -1.0, 0.1]]))
        network.fc2.bias.fill_(-0.125)
    figure = plotting.plot_forward_pass(network, torch.tensor([0.2, 0.6]), alt=ALT)
    (axes,) = figure.axes
    places = {text.get_text(): np.array(text.get_position()) for text in axes.texts}
    # The first hidden unit has the sigmoid of 1.5 * 0.2 - 2.5 * 0.6 + 0.5 = -0.7.
    columns = [["0.20", "0.60"], ["0.33", "0.99", "1.00"], ["0.49"]]
    pairs = [
        (places[sender], places[receiver])
        for senders, receivers in itertools.pairwise(columns)
        for receiver in receivers
        for sender in senders
    ]
    weights = ["+1.50", "-2.50", "-0.25", "+9.50", "-20", "+0.00"]
    weights += ["+3.00", "-1.00", "+0.10"]
    for line, weight, (start, end) in zip(axes.lines, weights, pairs, strict=True):
        assert line.get_xydata() == pytest.approx(np.array([start, end]))
        across, up = end - start
        right, above = places[weight] - start
        assert right * up == pytest.approx(above * across)  # on the line
        assert 0 < right < across
    biases = ["bias +0.50", "bias -0.75", "bias +12.3", "bias -0.12"]
    for bias, unit in zip(biases, [*columns[1], *columns[2]], strict=True):
        right, above = places[bias] - places[unit]
        assert right == 0
        assert abs(above) < 0.5
    for name, column in zip(["input", "hidden", "output"], columns, strict=True):
        assert {places[unit][0] for unit in column} == {places[name][0]}
    hidden, output = tables_of(figure)
    assert (hidden.caption, output.caption) == ("hidden units", "output")
    assert hidden.rows[2] == ["3", "-20.00", "0.00", "12.34", "1.00"]
    assert output.head[3:] == ["weight 3", "bias", "activation"]
    assert output.rows == [["1", "3.00", "-1.00", "0.10", "-0.12", "0.49"]]


def test_lines_show_sign_by_colour_and_dash_and_size_by_width() -> None:
    network = XORNetwork(input_size=1, hidden_size=2)
    with torch.no_grad():
        network.fc1.weight.copy_(torch.tensor([[-3.0], [0.0]]))
        network.fc2.weight.copy_(torch.tensor([[1.0, -9.0]]))
    figure = plotting.plot_forward_pass(network, torch.tensor([0.5]), alt=ALT)
    lines = figure.axes[0].lines
    assert [line.get_color() for line in lines] == [ORANGE, BLUE, BLUE, ORANGE]
    assert [line.get_linestyle() for line in lines] == ["--", "-", "-", "--"]
    widths = [line.get_linewidth() for line in lines]
    assert widths == pytest.approx([3.8, 0.8, 1.8, 6.0])


def steps(x: Tensor) -> Tensor:
    """Answer 1 right of 0.5 and 0 left of it."""
    return (x[:, :1] > 0.5).float()


def constant(answer: float) -> Any:
    return lambda x: (torch.full((len(x), 1), answer), None)


def test_decision_boundaries_share_one_scale() -> None:
    planes: Any = {"one": constant(0.2), "two": steps, "three": constant(0.8)}
    *panels, empty, bar = plotting.plot_decision_boundaries(planes, alt=ALT).axes
    assert [axes.get_title() for axes in panels] == ["one", "two", "three"]
    assert not empty.axison
    assert (bar.get_ylabel(), bar.get_ylim()) == ("output", (0.0, 1.0))
    assert [lines_at_one_half(axes) for axes in panels] == [0, 1, 0]
    for axes in panels:
        (colours,) = (c for c in contours_of(axes) if c.filled)
        assert colours.get_clim() == (0.0, 1.0)
        assert len(markers_of(axes)) == 4
        assert texts_of(axes) == []


def test_points_of_different_targets_have_different_markers_and_are_named() -> None:
    planes: Any = {"one": steps}
    axes, _ = plotting.plot_decision_boundaries(planes, alt=ALT).axes
    assert places_of(axes) == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert texts_of(axes) == ["(0,0)", "(0,1)", "(1,0)", "(1,1)"]
    paths = [point.get_paths()[0] for point in markers_of(axes)]
    shapes = [len(np.asarray(path.vertices)) for path in paths]
    assert shapes[0] == shapes[3] != shapes[1] == shapes[2]


def test_each_frame_of_the_animation_is_its_network() -> None:
    moments: Any = {"start": constant(0.25), "middle": steps, "end": constant(0.75)}
    animation: Any = plotting.animate_decision_boundary(moments, alt=ALT)
    assert animation.event_source.interval == 200
    axes, bar = plt.gcf().axes
    assert bar.get_ylabel() == "output"
    (image,) = axes.images
    assert image.get_clim() == (0.0, 1.0)
    frames = [("start", 0, 0.25, 0.25), ("middle", 1, 0, 1), ("end", 0, 0.75, 0.75)]
    for frame, (title, lines, left, right) in enumerate(frames):
        animation._func(frame)
        assert axes.get_title() == title
        assert lines_at_one_half(axes) == lines
        answers = np.asarray(image.get_array())
        assert answers[:, 0] == pytest.approx(left)  # input 1 is -0.5
        assert answers[:, -1] == pytest.approx(right)  # input 1 is 1.5


def test_the_hidden_space_and_its_line() -> None:
    hidden = torch.tensor([[0.1, 0.2], [0.9, 0.3], [0.8, 0.4], [0.7, 0.95]])
    weight, bias = torch.tensor([2.0, -4.0]), torch.tensor(1.0)
    figure = plotting.plot_hidden_space(hidden, weight, bias, alt=ALT)
    (axes,) = figure.axes
    assert_close(torch.tensor(places_of(axes)), hidden)
    assert texts_of(axes) == ["(0,0)", "(0,1)", "(1,0)", "(1,1)"]
    lines: list[Any] = list(axes.lines)
    for x, y in (lines[0].get_xy1(), lines[0].get_xy2()):
        assert 2.0 * x - 4.0 * y + 1.0 == pytest.approx(0.0, abs=1e-6)
    faces = [np.asarray(point.get_facecolor())[0] for point in markers_of(axes)]
    assert [to_hex(face) for face in faces] == [BLUE, ORANGE, ORANGE, BLUE]
