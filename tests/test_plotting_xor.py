"""The drawn network, decision boundaries, the hidden space: what is drawn is true."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from torch import Tensor
from torch.testing import assert_close

from drawn import (
    contours_of,
    grid_of,
    labels_of,
    markers_of,
    places_of,
    points_of,
    sizes_of,
    texts_of,
)
from nnbasics import XORNetwork, plotting
from nnbasics._table import tables_of
from nnbasics.plotting.style import BLUE, INK, MUTED, ORANGE, PAPER, WIDTH

CORNERS = ["(0,0)", "(0,1)", "(1,0)", "(1,1)"]
TICKS = [-0.5, 0.0, 0.5, 1.0, 1.5]


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_the_drawn_network_has_each_number_at_its_place() -> None:
    network = XORNetwork(input_size=2, hidden_size=3)
    with torch.no_grad():
        network.fc1.weight.copy_(torch.tensor([[1.5, -2.5], [-0.25, 9.5], [-20, 0]]))
        network.fc1.bias.copy_(torch.tensor([0.5, -0.75, 12.34]))
        network.fc2.weight.copy_(torch.tensor([[3.0, -1.0, 0.1]]))
        network.fc2.bias.fill_(-0.125)
    figure = plotting.plot_forward_pass(network, torch.tensor([0.2, 0.6]))
    (axes,) = figure.axes
    places = places_of(axes)
    # The first hidden unit has the sigmoid of 1.5 * 0.2 - 2.5 * 0.6 + 0.5 = -0.7.
    columns = [["0.20", "0.60"], ["0.33", "0.99", "1.00"], ["0.49"]]
    units = [unit for column in columns for unit in column]
    assert points_of(axes) == [places[unit].tolist() for unit in units]
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
    # labels of lines that meet stand at different places along them
    assert places["+3.00"][0] != places["-1.00"][0] != places["+0.10"][0]
    # a bias stands near its unit, on the side away from the middle
    biases = {"bias +0.50": 1, "bias -0.75": -1, "bias +12.3": -1, "bias -0.12": -1}
    for (bias, side), unit in zip(biases.items(), units[2:], strict=True):
        right, above = places[bias] - places[unit]
        assert right == 0
        assert 0.3 < side * above < 0.5
    # columns are centred on one height and equally far apart, their names above them
    for number, name in enumerate(["input", "hidden", "output"]):
        across, up = np.array([places[unit] for unit in columns[number]]).T
        assert across.tolist() == [2 * number] * len(columns[number])
        assert np.diff(up).tolist() == [-1] * (len(up) - 1)
        assert up.mean() == 0
        assert places[name][0] == 2 * number
        assert places[name][1] > 1 + 0.5  # the highest of three units, and its bias
    assert sum(axes.get_xlim()) == 4  # in the middle
    assert not axes.axison
    hidden, output = tables_of(figure)
    assert (hidden.caption, output.caption) == ("hidden units", "output")
    assert hidden.rows[2] == ["3", "-20.00", "0.00", "12.34", "1.00"]
    weights = ["weight 1", "weight 2", "weight 3"]
    assert output.head == ["unit", *weights, "bias", "activation"]
    assert output.rows == [["1", "3.00", "-1.00", "0.10", "-0.12", "0.49"]]


def test_lines_show_sign_by_colour_and_dash_and_size_by_width() -> None:
    network = XORNetwork(input_size=1, hidden_size=2)
    with torch.no_grad():
        network.fc1.weight.copy_(torch.tensor([[-3.0], [0.0]]))
        network.fc2.weight.copy_(torch.tensor([[1.0, -9.0]]))
    (axes,) = plotting.plot_forward_pass(network, torch.tensor([0.5])).axes
    assert [line.get_color() for line in axes.lines] == [ORANGE, BLUE, BLUE, ORANGE]
    assert [line.get_linestyle() for line in axes.lines] == ["--", "-", "-", "--"]
    widths = [line.get_linewidth() for line in axes.lines]
    assert widths == pytest.approx([3.8, 0.8, 1.8, 6.0])
    # what is drawn over what: lines, circles, numbers
    over = [max(line.get_zorder() for line in axes.lines)]
    over += [circle.get_zorder() for circle in markers_of(axes)[:1]]
    over += [min(t.get_zorder() for t in axes.texts if "." in t.get_text())]
    assert over == sorted(set(over))
    circle = markers_of(axes)[0]
    assert to_hex(np.asarray(circle.get_facecolor())[0]) == PAPER
    assert to_hex(np.asarray(circle.get_edgecolor())[0]) == INK
    assert {t.get_color() for t in axes.texts if "bias" in t.get_text()} == {MUTED}


def right_of_a_slope(x: Tensor) -> Tensor:
    """Answer 1 where the first input is more than the second by 0.25, and else 0."""
    return (x[:, :1] - x[:, 1:] > 0.25).float()


def constant(answer: float) -> Any:
    return lambda x: (torch.full((len(x), 1), answer), None)


def boundary_of(axes: Axes) -> Any:
    """Return the points of the lines at 0.5, (points, 2)."""
    lines = contours_of(axes, filled=False)
    assert all(
        np.asarray(line.get_edgecolor())[0].tolist() == [0, 0, 0, 1] for line in lines
    )
    return np.concatenate(
        [np.empty((0, 2)), *(p.vertices for c in lines for p in c.get_paths())]
    )


def test_decision_boundaries_share_one_scale() -> None:
    planes: Any = {
        "one": constant(0.2),
        "two": right_of_a_slope,
        "three": constant(0.8),
    }
    figure: Any = plotting.plot_decision_boundaries(planes)
    *panels, empty, bar = figure.axes
    assert [axes.get_title() for axes in panels] == ["one", "two", "three"]
    assert not empty.axison
    assert (bar.get_ylabel(), bar.get_ylim()) == ("output", (0.0, 1.0))
    assert bar.get_yticks() == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])
    assert [len(boundary_of(axes)) > 0 for axes in panels] == [False, True, False]
    across, up = boundary_of(panels[1]).T
    assert across - up == pytest.approx(0.25, abs=0.021)  # one step of the grid
    assert figure.get_supxlabel() == "input 1"
    assert figure.get_supylabel() == "input 2"
    for axes in panels:
        (colours,) = contours_of(axes, filled=True)
        assert (colours.get_clim(), colours.get_cmap().name) == ((0, 1), "RdYlBu_r")
        assert axes.get_xticks().tolist() == axes.get_yticks().tolist() == TICKS
        assert (axes.get_xlim(), axes.get_aspect()) == ((-0.5, 1.5), 1.0)
        assert grid_of(axes) == [False, False]
        assert points_of(axes) == [[0, 0], [0, 1], [1, 0], [1, 1]]
        assert texts_of(axes) == []
    # two in a row, numbered at the outside only
    inner, outer = panels[1], panels[2]
    assert panels[0].get_position().y0 == inner.get_position().y0
    assert panels[0].get_position().x0 == outer.get_position().x0
    assert not inner.yaxis.get_tick_params()["labelleft"]
    assert not inner.xaxis.get_tick_params()["labelbottom"]
    assert outer.xaxis.get_tick_params()["labelbottom"]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_planes_fill_their_figure(count: int) -> None:
    planes: Any = {str(number): right_of_a_slope for number in range(count)}
    figure = plotting.plot_decision_boundaries(planes)
    columns = 1 if count == 1 else 2
    for width, height in sizes_of(figure):
        assert width == pytest.approx(height)
        assert width * columns > 0.58 * WIDTH
        assert figure.get_figheight() < (height + 0.8) * -(-count // columns) + 0.4


def test_points_of_different_targets_have_different_markers_and_are_named() -> None:
    figure = plotting.plot_decision_boundaries({"one": constant(0.2)})
    small = plotting.plot_decision_boundaries({"a": constant(0), "b": constant(0)})
    axes = figure.axes[0]
    sizes = [markers_of(one)[0].get_sizes()[0] for one in (small.axes[0], axes)]
    assert sizes[0] < sizes[1]
    assert_named_beside(axes)
    looks = [to_hex(np.asarray(point.get_facecolor())[0]) for point in markers_of(axes)]
    assert looks == ["#000000", "#ffffff", "#ffffff", "#000000"]


def assert_named_beside(axes: Axes) -> None:
    """Hold that the points have their names and markers, and no name covers a point."""
    assert texts_of(axes) == CORNERS
    paths = [point.get_paths()[0] for point in markers_of(axes)]
    shapes = [len(np.asarray(path.vertices)) for path in paths]
    assert shapes[0] == shapes[3] != shapes[1] == shapes[2]
    axes.get_figure(root=True).draw_without_rendering()
    for name, point in itertools.product(axes.texts, points_of(axes)):
        assert not name.get_window_extent().contains(*axes.transData.transform(point))
    for name, point in zip(axes.texts, points_of(axes), strict=True):
        corner, where = name.get_window_extent(), axes.transData.transform(point)
        gaps = np.maximum(0, np.maximum(corner.p0 - where, where - corner.p1))
        assert gaps.max() < 25  # pixels
        assert name.get_fontweight() == "bold"


def test_each_frame_of_the_animation_is_its_network() -> None:
    moments: Any = {
        "start": constant(0.25),
        "middle": right_of_a_slope,
        "end": constant(0.75),
    }
    animation: Any = plotting.animate_decision_boundary(moments)
    assert animation.event_source.interval == 200
    assert len([*animation.new_frame_seq()]) == 3
    axes, bar = plt.gcf().axes
    assert bar.get_ylabel() == "output"
    (image,) = axes.images
    assert (image.get_clim(), image.get_cmap().name) == ((0.0, 1.0), "RdYlBu_r")
    assert [*image.get_extent()] == [-0.5, 1.5, -0.5, 1.5]
    assert image.origin == "lower"
    assert labels_of(axes) == ("input 1", "input 2")
    assert axes.get_xticks().tolist() == axes.get_yticks().tolist() == TICKS
    assert_named_beside(axes)
    assert (axes.get_title(), plt.gcf().get_layout_engine()) == ("start", None)
    assert grid_of(axes) == [False, False]
    # from the lower left to the lower right, the upper left and the upper right
    frames = {"start": [0.25] * 4, "middle": [0, 1, 0, 0], "end": [0.75] * 4}
    for frame, (title, corners) in enumerate(frames.items()):
        (drawn,) = animation._func(frame)
        assert drawn is image
        assert axes.get_title() == title
        assert (len(boundary_of(axes)) > 0) == (title == "middle")
        answers = np.asarray(image.get_array())
        assert answers.shape == (100, 100)
        assert answers[[0, 0, -1, -1], [0, -1, 0, -1]] == pytest.approx(corners)


def test_the_hidden_space_and_its_line() -> None:
    hidden = torch.tensor([[0.1, 0.2], [0.8, 0.3], [0.8, 0.3], [0.7, 0.95]])
    weight, bias = torch.tensor([2.0, -4.0]), torch.tensor(1.0)
    (axes,) = plotting.plot_hidden_space(hidden, weight, bias).axes
    assert_close(torch.tensor(points_of(axes)), hidden)
    assert_named_beside(axes)
    (line,) = list[Any](axes.lines)
    for x, y in (line.get_xy1(), line.get_xy2()):
        assert 2.0 * x - 4.0 * y + 1.0 == pytest.approx(0.0, abs=1e-6)
    assert line.get_linestyle() == "--"
    legend: Any = axes.get_legend()
    assert [text.get_text() for text in legend.texts] == ["output 0.5"]
    faces = [np.asarray(point.get_facecolor())[0] for point in markers_of(axes)]
    assert [to_hex(face) for face in faces] == [BLUE, ORANGE, ORANGE, BLUE]
    assert labels_of(axes) == ("hidden unit 1", "hidden unit 2")
    assert (axes.get_aspect(), grid_of(axes)) == (1.0, [True, True])
    # all that sigmoids can give, and room for a name above or below it
    assert min(axes.get_xlim()[0], axes.get_ylim()[0]) < -0.1
    for lowest, highest in (axes.get_xlim(), axes.get_ylim()):
        assert -0.25 < lowest < -0.1
        assert 1.1 < highest < 1.3
