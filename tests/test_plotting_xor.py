"""The drawn network, decision boundaries, the hidden space: what is drawn is true."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.contour import QuadContourSet
from torch import Tensor
from torch.testing import assert_close

from drawn import face_of, looks_of, place_of, places_of, points_of, texts_of
from nnbasics import XORNetwork, plotting
from nnbasics._figure_tables import tables_of
from nnbasics.plotting.style import BLUE, ORANGE

pytestmark = pytest.mark.usefixtures("readable_figures")


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
    lines = [
        (places[sender], places[receiver])
        for senders, receivers in itertools.pairwise(columns)
        for receiver in receivers
        for sender in senders
    ]
    weights = ["+1.50", "-2.50", "-0.25", "+9.50", "-20", "+0.00"]
    weights += ["+3.00", "-1.00", "+0.10"]
    shares = [0.36, 0.62] * 3 + [0.36, 0.62, 0.36]  # along the line, in turn
    for number, (start, end) in enumerate(lines):
        assert axes.lines[number].get_xydata() == pytest.approx(np.array([start, end]))
        along = start + shares[number] * (end - start)
        assert places[weights[number]] == pytest.approx(along)
    # each number in its circle, each bias on the side away from the middle
    units = [places[unit].tolist() for units in columns for unit in units]
    assert [place_of(circle) for circle in points_of(axes)] == units
    beside = {"bias +0.50": 1.43, "bias -0.75": -0.43, "bias +12.3": -1.43}
    for bias, height in beside.items():
        assert places[bias] == pytest.approx([2, height])
    assert places["hidden"][1] > 1.43
    hidden_table, output_table = tables_of(figure)
    assert (hidden_table.caption, output_table.caption) == ("hidden units", "output")
    assert hidden_table.rows[2] == ["3", "-20.00", "0.00", "12.34", "1.00"]
    senders = ["weight 1", "weight 2", "weight 3"]
    assert output_table.head == ["unit", *senders, "bias", "activation"]
    assert output_table.rows == [["1", "3.00", "-1.00", "0.10", "-0.12", "0.49"]]


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


def right_of_a_slope(x: Tensor) -> Tensor:
    """Answer 1 where the first input is more than the second by 0.25, and else 0."""
    return (x[:, :1] - x[:, 1:] > 0.25).float()


def constant(answer: float) -> Any:
    return lambda x: (torch.full((len(x), 1), answer), None)


def contours_of(axes: Any, *, filled: bool) -> list[Any]:
    found = [part for part in axes.collections if isinstance(part, QuadContourSet)]
    return [contours for contours in found if contours.filled == filled]


def assert_named(axes: Any, *faces: str) -> None:
    """Hold that each point has its colour and a name beside it that covers none."""
    points = points_of(axes)
    assert tuple(face_of(point) for point in points) == faces
    circle, square, *others = (len(p.get_paths()[0].vertices) for p in points)
    assert others == [square, circle] != [circle, square]
    assert texts_of(axes) == ["(0,0)", "(0,1)", "(1,0)", "(1,1)"]
    axes.figure.draw_without_rendering()
    for name, point in itertools.product(axes.texts, points):
        where = axes.transData.transform(place_of(point))
        box = name.get_window_extent()
        assert not box.contains(*where)
        if name is axes.texts[points.index(point)]:
            assert box.padded(25).contains(*where)  # pixels


def test_each_frame_of_the_animation_is_its_network() -> None:
    moments: Any = {"start": constant(0.25), "middle": right_of_a_slope}
    moments["end"] = constant(0.75)
    animation: Any = plotting.animate_decision_boundary(moments)
    assert animation.event_source.interval == 200
    assert [*animation.new_frame_seq()] == [0, 1, 2]
    axes, bar = plt.gcf().axes
    assert (bar.get_ylabel(), axes.get_title()) == ("output", "end")
    (image,) = axes.images
    assert (image.get_clim(), image.get_cmap().name) == ((0.0, 1.0), "RdYlBu_r")
    assert [*image.get_extent(), image.origin] == [-0.5, 1.5, -0.5, 1.5, "lower"]
    assert looks_of(axes) == {"x": "input 1", "y": "input 2", "grid": ""}
    assert_named(axes, "#000000", "#ffffff", "#ffffff", "#000000")
    # from the lower left to the lower right, the upper left and the upper right
    frames = {"start": [0.25] * 4, "middle": [0, 1, 0, 0], "end": [0.75] * 4}
    for frame, (title, corners) in enumerate(frames.items()):
        assert animation._func(frame) == [image]
        assert axes.get_title() == title
        assert len(contours_of(axes, filled=False)) == (title == "middle")
        answers = np.asarray(image.get_array())
        assert answers.shape == (100, 100)
        assert answers[[0, 0, -1, -1], [0, -1, 0, -1]] == pytest.approx(corners)


def test_the_hidden_space_and_its_line() -> None:
    hidden = torch.tensor([[0.1, 0.2], [0.8, 0.3], [0.8, 0.3], [0.7, 0.95]])
    weight, bias = torch.tensor([2.0, -4.0]), torch.tensor(1.0)
    axes: Any = plotting.plot_hidden_space(hidden, weight, bias).axes[0]
    assert_close(torch.tensor([place_of(point) for point in points_of(axes)]), hidden)
    assert_named(axes, BLUE, ORANGE, ORANGE, BLUE)
    (line,) = axes.lines
    assert line.get_linestyle() == "--"
    for x, y in (line.get_xy1(), line.get_xy2()):
        assert 2.0 * x - 4.0 * y + 1.0 == pytest.approx(0.0, abs=1e-6)
    assert [text.get_text() for text in axes.get_legend().texts] == ["output 0.5"]
    looks = {"x": "hidden unit 1", "y": "hidden unit 2", "grid": "xy"}
    assert (looks_of(axes), axes.get_aspect()) == (looks, 1.0)
