"""Curves, bars, the drawn network, decision boundaries: what is drawn is the data."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from torch import nn
from torch.testing import assert_close

from nnbasics import XORNetwork
from nnbasics.plotting import (
    animate_decision_boundary,
    figure_style,
    new_figure,
    plot_bars,
    plot_curves,
    plot_decision_boundaries,
    plot_forward_pass,
    plot_hidden_space,
)
from nnbasics.plotting.data_table import tables_of
from nnbasics.plotting.style import BLUE, ORANGE

ALT = "What the figure shows."


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def xs(line: Line2D) -> list[float]:
    return [float(x) for x in np.asarray(line.get_xdata())]


def ys(line: Line2D) -> list[float]:
    return [float(y) for y in np.asarray(line.get_ydata())]


def markers_of(axes: Axes) -> list[PathCollection]:
    return [c for c in axes.collections if isinstance(c, PathCollection)]


def test_curves_are_drawn_at_their_places() -> None:
    figure = plot_curves(
        {"first": [1.0, 4.0, 9.0], "second": [2.0, 3.0, 5.0]},
        x=[10, 20, 40],
        xlabel="size",
        ylabel="time",
        alt=ALT,
        markers=True,
    )
    (axes,) = figure.axes
    first, second = axes.lines
    assert xs(first) == xs(second) == [10, 20, 40]
    assert ys(first) == [1, 4, 9]
    assert ys(second) == [2, 3, 5]
    # told apart by more than their colour
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_marker() != second.get_marker()
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["first", "second"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("size", "time")
    assert axes.get_ylim()[0] == 0
    assert figure.get_label() == ALT


def test_a_single_curve_starts_at_0_and_has_no_legend() -> None:
    figure = plot_curves({"loss": [3.0, -2.0]}, xlabel="", ylabel="", alt=ALT)
    (axes,) = figure.axes
    assert xs(axes.lines[0]) == [0, 1]
    assert axes.get_legend() is None
    assert axes.get_ylim()[0] < -2


def test_logarithmic_axes() -> None:
    figure = plot_curves(
        {"loss": [1.0, 0.1]},
        x=[4, 1024],
        xlabel="",
        ylabel="",
        alt=ALT,
        log_x=True,
        log_y=True,
    )
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["4", "1024"]


def test_bars_carry_their_numbers() -> None:
    figure = plot_bars({"a": 0.5, "b": 2}, xlabel="x", ylabel="y", alt=ALT)
    (axes,) = figure.axes
    assert [bar.get_height() for bar in axes.patches] == [0.5, 2]  # type: ignore[attr-defined]
    assert [text.get_text() for text in axes.texts] == ["0.5", "2"]
    assert figure.get_label() == ALT


def test_the_drawn_network_shows_its_numbers() -> None:
    network = XORNetwork(hidden_size=3)
    x = torch.tensor([0.0, 1.0])
    figure = plot_forward_pass(network, x, alt=ALT)
    (axes,) = figure.axes
    drawn = [text.get_text() for text in axes.texts]
    with torch.no_grad():
        output, hidden = network(x)
    for value in [0.0, 1.0, *hidden.tolist(), *output.tolist()]:
        assert f"{value:.2f}" in drawn
    for layer in (network.fc1, network.fc2):
        for weight in layer.weight.flatten().tolist():
            assert f"{weight:+.2f}" in drawn
        for bias in layer.bias.tolist():
            assert f"bias {bias:+.2f}" in drawn
    assert figure.get_label() == ALT


def test_lines_show_sign_by_colour_and_dash_and_size_by_width() -> None:
    network = XORNetwork(input_size=1, hidden_size=1)
    with torch.no_grad():
        network.fc1.weight.fill_(-3.0)
        network.fc2.weight.fill_(1.0)
    figure = plot_forward_pass(network, torch.tensor([0.5]), alt=ALT)
    negative, positive = figure.axes[0].lines
    assert (negative.get_color(), positive.get_color()) == (ORANGE, BLUE)
    assert negative.get_linestyle() == "--"
    assert positive.get_linestyle() == "-"
    assert negative.get_linewidth() > positive.get_linewidth()


def test_large_weights_are_written_short_so_that_labels_do_not_meet() -> None:
    network = XORNetwork(input_size=1, hidden_size=1)
    with torch.no_grad():
        network.fc1.weight.fill_(-20.0)
        network.fc1.bias.fill_(12.34)
        network.fc2.weight.fill_(9.5)
    figure = plot_forward_pass(network, torch.tensor([0.5]), alt=ALT)
    drawn = {text.get_text() for text in figure.axes[0].texts}
    assert {"-20", "bias +12.3", "+9.50"} <= drawn


class Steps(nn.Module):
    """Answer 1 right of 0.5 and 0 left of it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x[:, :1] > 0.5).float()


def test_decision_boundaries_share_one_scale() -> None:
    networks = {"one": XORNetwork(), "two": Steps(), "three": XORNetwork()}
    figure = plot_decision_boundaries(
        {**networks, "four": XORNetwork()}, alt=ALT, columns=2
    )
    *panels, bar = figure.axes
    assert [axes.get_title() for axes in panels] == ["one", "two", "three", "four"]
    assert bar.get_ylabel() == "output"
    scales = {
        collection.get_clim()
        for axes in panels
        for collection in axes.collections
        if isinstance(collection, QuadContourSet) and collection.filled
    }
    assert scales == {(0.0, 1.0)}
    assert [len(markers_of(axes)) for axes in panels] == [4, 4, 4, 4]
    assert figure.get_label() == ALT


class Constant(nn.Module):
    """Answer the same number everywhere."""

    def __init__(self, answer: float) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, None]:
        return torch.full((len(x), 1), self.answer), None


def test_each_frame_of_the_animation_is_its_network() -> None:
    moments = {"start": Constant(0.25), "middle": Steps(), "end": Constant(0.75)}
    animation = animate_decision_boundary(moments, alt=ALT)
    figure = plt.gcf()
    assert figure.get_label() == ALT
    assert animation.event_source.interval == 200  # type: ignore[union-attr]
    axes, _ = figure.axes
    (image,) = axes.images
    assert image.get_clim() == (0.0, 1.0)
    for frame, (title, lines) in enumerate([("start", 0), ("middle", 1), ("end", 0)]):
        animation._func(frame)  # type: ignore[attr-defined]
        assert axes.get_title() == title
        drawn = [c for c in axes.collections if isinstance(c, QuadContourSet)]
        assert len(drawn) == lines
    assert np.asarray(image.get_array()) == pytest.approx(0.75)
    animation._func(1)  # type: ignore[attr-defined]
    answers = np.asarray(image.get_array())
    assert answers[:, 0] == pytest.approx(0.0)  # input 1 is -0.5
    assert answers[:, -1] == pytest.approx(1.0)  # input 1 is 1.5


def test_points_of_different_targets_have_different_markers() -> None:
    figure = plot_decision_boundaries({"one": Steps()}, alt=ALT)
    labels = [text.get_text() for text in figure.axes[0].texts]
    assert labels == ["(0,0)", "(0,1)", "(1,0)", "(1,1)"]
    points = markers_of(figure.axes[0])
    shapes = [len(np.asarray(point.get_paths()[0].vertices)) for point in points]
    assert len(points) == 4
    assert shapes[0] == shapes[3] != shapes[1] == shapes[2]


def test_the_hidden_space_and_its_line() -> None:
    hidden = torch.tensor([[0.1, 0.2], [0.9, 0.3], [0.8, 0.4], [0.7, 0.95]])
    weight, bias = torch.tensor([2.0, -4.0]), torch.tensor(1.0)
    figure = plot_hidden_space(hidden, weight, bias, alt=ALT)
    (axes,) = figure.axes
    points = markers_of(axes)
    places = [np.asarray(point.get_offsets())[0].tolist() for point in points]
    assert_close(torch.tensor(places), hidden)
    (line,) = axes.lines
    for x, y in (line.get_xy1(), line.get_xy2()):  # type: ignore[attr-defined]
        assert 2.0 * x - 4.0 * y + 1.0 == pytest.approx(0.0, abs=1e-6)
    colours = [to_hex(np.asarray(point.get_facecolor())[0]) for point in points]
    assert colours == [BLUE, ORANGE, ORANGE, BLUE]


def test_the_hidden_space_needs_two_units() -> None:
    with pytest.raises(ValueError, match=r"shape \(4, 2\), .*, got \(4, 3\)"):
        plot_hidden_space(torch.zeros(4, 3), torch.zeros(3), torch.tensor(0.0), alt=ALT)


def test_a_figure_without_a_description_is_refused() -> None:
    with figure_style(), pytest.raises(ValueError, match="alt must say in a sentence"):
        new_figure("  ")


def test_a_table_of_more_than_twenty_values_is_left_out() -> None:
    def tables_for(count: int) -> int:
        values = [float(number) for number in range(count)]
        figure = plot_curves({"a": values}, xlabel="x", ylabel="y", alt="A line.")
        return len(tables_of(figure))

    assert tables_for(20) == 1
    assert tables_for(21) == 0
